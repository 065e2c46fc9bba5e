// SPDX-License-Identifier: MIT
//
// percpu.hpp: a bool is counted.
// expect: percpu: no arithmetic on a bool
// use: X.inc()
// use: X.sub(1)
// use: X.add_return(1)
// use: X.raw_add(1)
#include <percpu.hpp>

PERCPU_VARIABLE(number, int) = 1;
PERCPU_VARIABLE(flag, bool) = true;

void use();

void use()
{
#ifdef WRONG
	USE(flag);
#else
	USE(number);
#endif
}

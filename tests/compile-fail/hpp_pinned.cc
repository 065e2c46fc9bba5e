// SPDX-License-Identifier: MIT
//
// A pinned without a name: it ends where it begins, and what follows is not pinned. The compilers
// warn of it without being asked to; made an error here.
// flags: -Werror=unused-result -Werror=unused-value
// expect: ignoring (return value of|temporary created by a constructor)
// use: percpu::pinned()
// use: percpu::pinned{}
#include <percpu.hpp>

PERCPU_VARIABLE(number, int);

void use();

void use()
{
#ifdef WRONG
	USE(number);
	number.inc();
#else
	percpu::pinned here;

	number.inc();
#endif
}

// SPDX-License-Identifier: MIT
//
// An enum class is not counted.
// expect: cannot convert|cannot initialize|incompatible
// use: percpu_inc(X)
// use: percpu_dec(X)
// use: percpu_inc_return(X)
#include <percpu.h>

enum class Colour : uint16_t { red, green };
PERCPU_DEFINE(Colour, colour) = Colour::green;
PERCPU_DEFINE(uint16_t, number);

void use();

void use()
{
#ifdef WRONG
	USE(colour);
#else
	USE(number);
#endif
}

// SPDX-License-Identifier: MIT
//
// An enum class is given a number or another enumeration, or counted.
// expect: cannot convert|cannot initialize|from incompatible type|incompatible
// use: percpu_write(colour, X)
// use: percpu_raw_write(colour, X)
// use: percpu_write_on(colour, 0, X)
// use: percpu_or(colour, X)
// use: percpu_xchg(colour, X)
// use: percpu_cmpxchg(colour, X, Colour::red)
// use: percpu_cmpxchg(colour, Colour::red, X)
#include <percpu.h>

enum class Colour : uint16_t { red, green };
PERCPU_DEFINE(Colour, colour) = Colour::green;

void use();

void use()
{
#ifdef WRONG
	USE(1);
#else
	USE(Colour::red);
#endif
}

// SPDX-License-Identifier: MIT
//
// The name of percpu.hpp's object is used as if it were the value.
// expect: deleted|invalid operands|no match for|cannot convert|no viable|could not convert
// use: auto copy = X; (void)copy
// use: number = X
// use: int value = X; (void)value
// use: if (X == 1) number.write(1)
#include <percpu.hpp>

PERCPU_VARIABLE(number, int);

void use();

void use()
{
#ifdef WRONG
	{ USE(number); }
#else
	{
		int number = 0;
		const int plain = ::number.read();

		(void)number;
		(void)plain;
	}
#endif
}

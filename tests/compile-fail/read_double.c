/* SPDX-License-Identifier: MIT */
/*
 * A floating-point number is read: its bits are not those of an integer.
 * expect: integers of 1, 2, 4 or 8 bytes, bool, enum and pointers only
 */
#include <percpu.h>

PERCPU_DEFINE(double, ratio) = 1.5;

void use(void);

void use(void)
{
#ifdef WRONG
	(void)percpu_read(ratio);
#else
	(void)percpu_ptr(ratio);
#endif
}

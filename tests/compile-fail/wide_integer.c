/* SPDX-License-Identifier: MIT */
/*
 * An integer of 16 bytes is read: no single load does that everywhere.
 * expect: integers of 1, 2, 4 or 8 bytes, bool, enum and pointers only
 */
#include <percpu.h>

__extension__ typedef __int128 wide;
PERCPU_DEFINE(wide, number) = 1;

void use(void);

void use(void)
{
#ifdef WRONG
	(void)percpu_read(number);
#else
	(void)percpu_ptr(number);
#endif
}

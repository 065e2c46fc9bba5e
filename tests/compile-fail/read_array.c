/* SPDX-License-Identifier: MIT */
/*
 * An array of the size of an integer is read whole.
 * expect: integers of 1, 2, 4 or 8|to an array|C-style
 */
#include <percpu.h>

PERCPU_DEFINE(char[8], bytes) = {1};

void use(void);

void use(void)
{
#ifdef WRONG
	(void)percpu_read(bytes);
#else
	(void)percpu_read(bytes[0]);
#endif
}

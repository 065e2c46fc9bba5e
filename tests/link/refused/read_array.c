/* SPDX-License-Identifier: MIT */
/*
 * An array of the size of an integer is read whole.
 * expect: non-scalar|arithmetic or pointer type|no matching|integers of 1, 2, 4 or 8|casting to an array type|C-style cast
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

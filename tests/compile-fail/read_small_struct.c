/* SPDX-License-Identifier: MIT */
/*
 * A structure of the size of an integer is read whole.
 * expect: non-scalar|arithmetic or pointer type|no matching|integers of 1, 2, 4 or 8
 */
#include <percpu.h>

struct pair {
	uint32_t first, second;
};
PERCPU_DEFINE(struct pair, pair) = {1, 2};

void use(void);

void use(void)
{
#ifdef WRONG
	(void)percpu_read(pair);
#else
	(void)percpu_read(pair.first);
#endif
}

/* SPDX-License-Identifier: MIT */
/*
 * A structure is read whole: no single load does that.
 * expect: integers of 1, 2, 4 or 8 bytes, bool, enum and pointers only
 */
#include <percpu.h>

struct pair {
	uint64_t first, second;
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

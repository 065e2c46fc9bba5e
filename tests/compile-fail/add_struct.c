/* SPDX-License-Identifier: MIT */
/*
 * Something is added to a structure.
 * expect: integers of 1, 2, 4 or 8 bytes|invalid initializer|incompatible type
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
	percpu_add(pair, 1);
#else
	percpu_add(pair.second, 1);
#endif
}

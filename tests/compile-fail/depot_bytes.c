/* SPDX-License-Identifier: MIT */
/*
 * A depot's bytes given for its pointers: puts would write behind its end.
 * flags: -Werror
 * expect: writing \d+ bytes into a region of size \d+ overflows|the depot has no room for
 * use: error = percpu_cache_init(&cache, &source, depot, X(64, sizeof(depot)))
 * use: error = percpu_cache_init(&cache, &source, depot, X(64, 65))
 * use: error = percpu_cache_init(&cache, &source, depot + 1, X(63, 64))
 */
#include <percpu/cache.h>

static struct percpu_cache cache;
static void *depot[64];
int use(struct percpu_cache_source source);

#define RIGHT(right, wrong) (right)
#define BAD(right, wrong) (wrong)

int use(struct percpu_cache_source source)
{
	int error;

#ifdef WRONG
	USE(BAD);
#else
	USE(RIGHT);
#endif
	return error;
}

/* SPDX-License-Identifier: MIT */
/* The two operations of percpu/cache.h, for cache.py to count. */
#include <percpu/cache.h>

void *cache_get(struct percpu_cache *cache)
{
	return percpu_cache_get(cache);
}

void cache_put(struct percpu_cache *cache, void *object)
{
	percpu_cache_put(cache, object);
}

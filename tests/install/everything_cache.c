/* SPDX-License-Identifier: 0BSD */
/*
 * C40: everything that percpu/cache.h has, in C and in C++, written so that no warning of any
 * compiler is this program's own. With NARROW there is one: a value that its number cannot hold.
 */
#include <percpu/cache.h>

size_t get_objects(void *context, void **objects, size_t n);
void put_objects(void *context, void **objects, size_t n);
int use_cache(struct percpu_cache *cache, void **depot, size_t most);

int use_cache(struct percpu_cache *cache, void **depot, size_t most)
{
	const struct percpu_cache_source source = {get_objects, put_objects, depot};
	struct percpu_cache_info info;
	int error = percpu_cache_init(cache, &source, depot, most);
	void *object;

	if (error)
		return error;
	object = percpu_cache_get(cache);
	percpu_cache_put(cache, object);
	percpu_cache_flush(cache);
	percpu_cache_drain(cache);
#ifdef NARROW
	error = percpu_cache_init(cache, &source, depot, (double)error);
#endif
	percpu_cache_info(cache, &info);
	if (info.in_use || info.taken || info.in_depot || info.in_magazines > PERCPU_CACHE_OBJECTS)
		error = PERCPU_EBUSY;
	return error ? error : percpu_cache_fini(cache);
}

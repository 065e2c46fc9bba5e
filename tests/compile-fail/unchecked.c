/* SPDX-License-Identifier: MIT */
/*
 * An error that nobody looks at: the CPU would go on to memory that is no area; or to a counter,
 * reference, lock or cache that has not been made, or is in use after its fini, or has lost memory.
 * flags: -Werror=unused-result
 * expect: ignoring return value of .*warn_unused_result
 * use: X(percpu_init(1))
 * use: X(percpu_init_at(depot, 1, 1))
 * use: X(percpu_early_init())
 * use: X(percpu_set_local_thread_pointer(1))
 * use: X(percpu_counter_init(counter, 64))
 * use: X(percpu_counter_fini(counter))
 * use: X(percpu_ref_init(ref, release))
 * use: X(percpu_ref_fini(ref))
 * use: X(percpu_rlock_init(lock))
 * use: X(percpu_rlock_fini(lock))
 * use: X(percpu_cache_init(cache, source, depot, size))
 * use: X(percpu_cache_fini(cache))
 */
#include <percpu/cache.h>
#include <percpu/counter.h>
#include <percpu/ref.h>
#include <percpu/rlock.h>

#define CHECKED(call) error += call
#define UNCHECKED(call) call

void release(struct percpu_ref *ref);
int use(struct percpu_counter *counter, struct percpu_ref *ref, struct percpu_rlock *lock,
	struct percpu_cache *cache, const struct percpu_cache_source *source, void **depot,
	size_t size);

int use(struct percpu_counter *counter, struct percpu_ref *ref, struct percpu_rlock *lock,
	struct percpu_cache *cache, const struct percpu_cache_source *source, void **depot,
	size_t size)
{
	int error = 0;

	(void)counter, (void)ref, (void)lock, (void)cache, (void)source, (void)depot, (void)size;
#ifdef WRONG
	USE(UNCHECKED);
#else
	USE(CHECKED);
#endif
	return error;
}

/* SPDX-License-Identifier: MIT */
/*
 * The slow way of percpu/cache.h: between a CPU's magazines, the depot and the source.
 *
 * Objects go from one to another in batches, by way of an array on the caller's stack. While they
 * are there they are the caller's alone; so nothing is locked while the source is called, and
 * whatever interrupts the caller finds magazines, depot and source whole.
 */
#include <percpu.h>

#if PERCPU_IS_IMAGE
#include <percpu/cache.h>

#include "internal.h"

enum { BATCH = PERCPU_CACHE_BATCH, TRIES = 1000 };

#define ASSERT(name, condition) _Static_assert(condition, #name)
ASSERT(the_sequences_wrap_at_the_size_of_the_magazines,
       sizeof(struct percpu_cache_magazines) == 256);
ASSERT(two_magazines_and_the_object_that_is_asked_for, PERCPU_CACHE_OBJECTS == 2 * (BATCH - 1) + 1);

/*
 * False where there is no depot, and for an NMI that has interrupted who has its lock; and if
 * another CPU has it all the time, whom an NMI keeps from giving it back, perhaps to wait for this
 * CPU: it is held for a copy of a batch.
 */
static bool take(struct percpu_cache *cache, uintptr_t *flags)
{
	return cache->depot_size && _percpu_lock(&cache->lock, flags, TRIES);
}

static void give(struct percpu_cache *cache, uintptr_t flags)
{
	_percpu_unlock(&cache->lock, flags);
}

/* Stored by the lock's holder only, and read by percpu_cache_info without it. */
static void set_depot_count(struct percpu_cache *cache, size_t count)
{
	__atomic_store_n(&cache->depot_count, count, __ATOMIC_RELAXED);
}

/* Up to a batch from the depot; how many. */
static size_t from_depot(struct percpu_cache *cache, void **objects)
{
	uintptr_t flags;
	size_t n;

	if (!take(cache, &flags))
		return 0;
	n = cache->depot_count < BATCH ? cache->depot_count : BATCH;
	set_depot_count(cache, cache->depot_count - n);
	_percpu_copy(objects, cache->depot + cache->depot_count, n * sizeof(*objects));
	give(cache, flags);
	return n;
}

/* As many of N as the depot has room for, the first of them; how many. */
static size_t to_depot(struct percpu_cache *cache, void **objects, size_t n)
{
	uintptr_t flags;
	size_t room;

	if (!take(cache, &flags))
		return 0;
	room = cache->depot_size - cache->depot_count;
	n = n < room ? n : room;
	_percpu_copy(cache->depot + cache->depot_count, objects, n * sizeof(*objects));
	set_depot_count(cache, cache->depot_count + n);
	give(cache, flags);
	return n;
}

#if PERCPU_DEBUG
/* What the source must not do is seen when it has been done. */
static void check_batch(void *const *objects, size_t n)
{
	bool right = n <= BATCH;

	for (size_t i = 0; right && i < n; i++)
		right = objects[i] != NULL;
	if (!right)
		_percpu_fail("percpu: the get of a percpu_cache_source has given more objects "
			     "than it was asked for, or NULL as an object");
}
#else
static void check_batch(void *const *objects, size_t n)
{
	(void)objects, (void)n;
}
#endif

static size_t from_source(struct percpu_cache *cache, void **objects)
{
	size_t n = cache->source.get(cache->source.context, objects, BATCH);

	check_batch(objects, n);
	_percpu_add_shared(&cache->taken, n);
	return n;
}

/* They count as in use until the source has them, not the other way. */
static void to_source(struct percpu_cache *cache, void **objects, size_t n)
{
	if (!n)
		return;
	cache->source.put(cache->source.context, objects, n);
	_percpu_add_shared(&cache->taken, -n);
}

/* Where there is room: the depot, then the source. */
static void put_back(struct percpu_cache *cache, void **objects, size_t n)
{
	size_t kept = n ? to_depot(cache, objects, n) : 0;

	to_source(cache, objects + kept, n - kept);
}

/* Up to N from this CPU's magazines, or those of each that the caller is moved to; how many. */
static size_t pop(struct percpu_cache *cache, void **objects, size_t n)
{
	size_t popped = 0;

	while (popped < n && (objects[popped] = _percpu_cache_pop(cache->magazines)))
		popped++;
	return popped;
}

/* Handlers, and a move to another CPU, may have filled them meanwhile: then some go back. */
void *_percpu_cache_get(struct percpu_cache *cache)
{
	void *objects[BATCH];
	size_t n = from_depot(cache, objects);

	if (!n)
		n = from_source(cache, objects);
	if (!n)
		return NULL;
	while (--n && _percpu_cache_push(cache->magazines, objects[n]))
		;
	put_back(cache, objects + 1, n);
	return objects[0];
}

/* The one that is put has been used last, and stays. */
void _percpu_cache_put(struct percpu_cache *cache, void *object)
{
	void *objects[BATCH];

	put_back(cache, objects, pop(cache, objects, BATCH));
	if (!_percpu_cache_push(cache->magazines, object))
		put_back(cache, &object, 1);
}

void percpu_cache_flush(struct percpu_cache *cache)
{
	void *objects[BATCH];

	for (size_t batch = 0; batch <= PERCPU_CACHE_OBJECTS / BATCH; batch++)
		put_back(cache, objects, pop(cache, objects, BATCH));
}

void percpu_cache_drain(struct percpu_cache *cache)
{
	void *objects[BATCH];
	size_t most = cache->depot_size / BATCH + 1, n;

	while (most-- && (n = from_depot(cache, objects)))
		to_source(cache, objects, n);
}

/* ---- Making and ending ---- */

int percpu_cache_init(struct percpu_cache *cache, const struct percpu_cache_source *source,
		      void **depot, size_t depot_size)
{
	int error;

	if (!source || !source->get || !source->put || (!depot && depot_size))
		return PERCPU_EINVAL;
	if (cache->magazines)
		return PERCPU_EALREADY;
	error = percpu_alloc_aligned(&cache->magazines, PERCPU_CACHE_LINE);
	if (error)
		return error;
	/* One by one: of a structure the compiler would have memcpy make a copy. */
	cache->source.get = source->get;
	cache->source.put = source->put;
	cache->source.context = source->context;
	cache->depot = depot;
	cache->depot_size = depot_size;
	cache->depot_count = 0;
	cache->taken = 0;
	cache->lock = 0;
	return 0;
}

typedef PERCPU_PTR(struct percpu_cache_magazines) handle;

static struct percpu_cache_magazines *of_cpu(handle magazines, size_t cpu)
{
	return percpu_ptr_on(percpu_at(magazines), cpu);
}

static size_t count_on(handle magazines, size_t cpu)
{
	return percpu_read_on(percpu_at(magazines).top, cpu) / sizeof(void *);
}

void percpu_cache_info(const struct percpu_cache *cache, struct percpu_cache_info *info)
{
	size_t in_magazines = 0;

	if (cache->magazines)
		percpu_for_each (cpu)
			in_magazines += count_on(cache->magazines, cpu);
	info->taken = __atomic_load_n(&cache->taken, __ATOMIC_RELAXED);
	info->in_magazines = in_magazines;
	info->in_depot = __atomic_load_n(&cache->depot_count, __ATOMIC_RELAXED);
	info->in_use = info->taken - info->in_magazines - info->in_depot;
}

/* Nobody uses the cache any more. */
static void empty(struct percpu_cache *cache, size_t cpu)
{
	struct percpu_cache_magazines *there = of_cpu(cache->magazines, cpu);

	for (size_t n; (n = there->top / sizeof(void *));) {
		size_t batch = n < BATCH ? n : BATCH;

		there->top -= batch * sizeof(void *);
		to_source(cache, there->objects + n - batch, batch);
	}
}

int percpu_cache_fini(struct percpu_cache *cache)
{
	struct percpu_cache_info info;

	percpu_cache_info(cache, &info);
	if (!cache->magazines)
		return 0;
	if (info.in_use)
		return PERCPU_EBUSY;
	percpu_cache_drain(cache);
	percpu_for_each (cpu)
		empty(cache, cpu);
	return percpu_free(&cache->magazines);
}

#if PERCPU_DEBUG
void _percpu_cache_check(struct percpu_cache *cache, const void *object)
{
	uintptr_t flags = percpu_arch_irq_save();
	const struct percpu_cache_magazines *here = _percpu_cache_here(cache->magazines);
	size_t n = here->top / sizeof(void *);
	bool found = false;

	for (size_t i = 0; i < n; i++)
		found |= object && here->objects[i] == object;
	percpu_arch_irq_restore(flags);
	if (found)
		_percpu_fail("percpu: percpu_cache_put of an object that is in this CPU's "
			     "magazines: it has been put twice");
}
#endif

#endif

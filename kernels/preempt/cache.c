/* SPDX-License-Identifier: 0BSD */
/*
 * The object cache (docs/cache.md), as one more set: what a thread or a handler gets is nobody
 * else's until it is put, and in the end each object is with the allocator again. Threads are moved
 * between any two instructions of all this, and put what they got on other CPUs.
 */
#include <percpu.h>

#include "preempt.h"

#if PERCPU_IS_IMAGE
#include <kernels/common/kernel.h>
#include <percpu/cache.h>

#define OBJECTS 512
#define DEPOT 64
#define MOST 8

static struct percpu_cache cache;
static void *depot[DEPOT];

/* Whether the allocator has given it, and whether somebody has it. */
static struct object {
	uintptr_t given, held;
} objects[OBJECTS];

/* Interrupted at any place it is right: each object is taken by itself. */
static size_t give_objects(void *context, void **into, size_t n)
{
	size_t given = 0;

	(void)context;
	for (size_t i = 0; i < OBJECTS && given < n; i++)
		if (percpu_arch_cas(&objects[i].given, 0, 1))
			into[given++] = &objects[i];
	return given;
}

static void take_objects(void *context, void **from, size_t n)
{
	(void)context;
	for (size_t i = 0; i < n; i++)
		__atomic_store_n(&((struct object *)from[i])->given, 0, __ATOMIC_RELEASE);
}

static void prepare(void)
{
	static const struct percpu_cache_source source = {give_objects, take_objects, NULL};
	int error = percpu_cache_init(&cache, &source, depot, DEPOT);

	if (error)
		tap_bail_out("the object cache cannot be made: %s", percpu_strerror(error));
}

static void operate(struct tally *tally)
{
	uint64_t random = next_random(&tally->random);
	size_t wanted = random % MOST, n = 0;
	struct object *got[MOST];

	while (n < wanted && (got[n] = percpu_cache_get(&cache))) {
		tally->wrong += one_if(!percpu_arch_cas(&got[n]->held, 0, 1));
		n++;
	}
	if (random / MOST % 8 == 0)
		percpu_cache_flush(&cache);
	if (random / MOST % 32 == 0)
		percpu_cache_drain(&cache);
	while (n) {
		__atomic_store_n(&got[--n]->held, 0, __ATOMIC_RELEASE);
		percpu_cache_put(&cache, got[n]);
	}
}

static uint64_t lost(const struct tally *total)
{
	struct percpu_cache_info info;
	uint64_t away = total->wrong;

	percpu_cache_info(&cache, &info);
	away += one_if(info.in_use != 0) + one_if(percpu_cache_fini(&cache) != 0);
	for (size_t i = 0; i < OBJECTS; i++)
		away += objects[i].given + objects[i].held;
	return away;
}

const struct set set_cache = {"object cache", prepare, operate, lost, no_guards};

#endif

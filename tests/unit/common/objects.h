/* SPDX-License-Identifier: MIT */
/*
 * For tests of percpu/cache.h: an allocator that knows where each object of its is, and that can
 * fail or be interrupted; and a cache over it.
 */
#ifndef OBJECTS_H
#define OBJECTS_H

#include <percpu/cache.h>

#include <pthread.h>
#include <stdlib.h>

#include "unit.h"

#define NCPU 8
#define OBJECTS 2000
#define DEPOT 100

static struct percpu_cache cache;
static void *depot[DEPOT];

/* ---- The allocator: a stack of objects, and for each whether it is anyone's ---- */

static struct object {
	int used; /* 1 while whoever has got it has it */
} objects[OBJECTS];
static struct object *stack[OBJECTS];
static size_t stacked;
static size_t gets, puts; /* calls */
static size_t fails_at;	  /* this call of get gives 0, the next 1 object; 0: none fails */
static void (*interrupt)(void);
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static inline void interrupted(void)
{
	void (*handler)(void) = interrupt;

	CHECK(percpu_host_irqs_off == 0);
	if (!handler)
		return;
	interrupt = NULL; /* not while it is at work */
	handler();
	interrupt = handler;
}

static inline size_t allocator_get(void *context, void **into, size_t n)
{
	size_t got = 0;

	CHECK(context == &cache && n == PERCPU_CACHE_BATCH);
	interrupted();
	pthread_mutex_lock(&mutex);
	gets++;
	if (fails_at && gets >= fails_at && gets <= fails_at + 1)
		n = gets - fails_at;
	while (got < n && stacked)
		into[got++] = stack[--stacked];
	pthread_mutex_unlock(&mutex);
	interrupted();
	return got;
}

static inline void allocator_put(void *context, void **from, size_t n)
{
	CHECK(context == &cache && n && n <= PERCPU_CACHE_BATCH);
	interrupted();
	pthread_mutex_lock(&mutex);
	puts++;
	CHECK(stacked + n <= OBJECTS);
	for (size_t i = 0; i < n; i++)
		stack[stacked++] = from[i];
	pthread_mutex_unlock(&mutex);
	interrupted();
}

static const struct percpu_cache_source source = {allocator_get, allocator_put, &cache};

static inline void move(size_t cpu)
{
	CHECK(percpu_set_local_thread_pointer(cpu) == 0);
}

static inline void make(size_t ncpu, size_t most, size_t depot_size)
{
	CHECK(percpu_init(ncpu) == 0);
	move(0);
	for (stacked = 0; stacked < most; stacked++)
		stack[stacked] = &objects[stacked];
	CHECK(percpu_cache_init(&cache, &source, depot, depot_size) == 0);
}

/* ---- What everybody does, and what must be so ---- */

static inline struct object *get(void)
{
	struct object *object = percpu_cache_get(&cache);

	if (object)
		CHECK(__atomic_exchange_n(&object->used, 1, __ATOMIC_RELAXED) == 0);
	return object;
}

static inline void put(struct object *object)
{
	CHECK(__atomic_exchange_n(&object->used, 0, __ATOMIC_RELAXED) == 1);
	percpu_cache_put(&cache, object);
}

static inline struct percpu_cache_info info(void)
{
	struct percpu_cache_info now;

	percpu_cache_info(&cache, &now);
	return now;
}

/* All MOST objects are accounted for, IN_USE of them with whoever has got them. */
static inline bool whole(size_t most, size_t in_use)
{
	struct percpu_cache_info now = info();

	return now.taken + stacked == most && now.in_use == in_use &&
	       now.taken == now.in_magazines + now.in_depot + now.in_use;
}

/* Each object is in the allocator again, once. */
static inline void ends(size_t most)
{
	CHECK(percpu_cache_fini(&cache) == 0 && !cache.magazines);
	CHECK(stacked == most);
	for (size_t i = 0; i < most; i++)
		CHECK(stack[i]->used++ == 0);
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * percpu_cache, used by one CPU after the other: an object is in one place at any time, whoever
 * gets, puts, flushes or drains where, and whichever call of the allocator fails.
 */
#include "common/objects.h"

#include <string.h>

/* More or fewer are in use by turns, so that magazines and depot run full and empty. */
static void random_calls(size_t rounds, size_t most)
{
	static struct object *held[OBJECTS];
	size_t n = 0;

	for (size_t round = 0; round < rounds; round++) {
		bool more = (size_t)rand() % 8 < (round / 500 % 2 ? 6 : 2);

		if (rand() % 50 == 0)
			move((size_t)rand() % NCPU);
		if (rand() % 400 == 0)
			percpu_cache_flush(&cache);
		if (rand() % 400 == 0)
			percpu_cache_drain(&cache);
		if (more && (held[n] = get()))
			n++;
		else if (!more && n)
			put(held[--n]);
		CHECK(whole(most, n) && cache.lock == 0 && percpu_host_irqs_off == 0);
	}
	while (n)
		put(held[--n]);
}

static void at_random(void)
{
	make(NCPU, OBJECTS, DEPOT);
	random_calls(40000, OBJECTS);
	ends(OBJECTS);
}

static void few_objects(void)
{
	make(NCPU, 50, DEPOT);
	random_calls(20000, 50);
	ends(50);
}

static void without_depot(void)
{
	make(NCPU, OBJECTS, 0);
	random_calls(20000, OBJECTS);
	CHECK(info().in_depot == 0);
	ends(OBJECTS);
}

/* A short script, once for each call of the allocator's get, which then fails. */
static void failing(void)
{
	size_t calls = 0;

	make(NCPU, OBJECTS, 20);
	percpu_cache_drain(&cache);
	for (fails_at = 1; fails_at <= calls + 1; fails_at++) {
		struct object *held[300];
		size_t n = 0, none = 0;

		gets = 0;
		for (size_t round = 0; round < 600; round++) {
			move(round / 40 % 2);
			if (round / 100 % 3 < 2 && n < 300 && (held[n] = get()))
				n++;
			else if (round / 100 % 3 < 2 && n < 300)
				none++;
			else if (n)
				put(held[--n]);
			CHECK(whole(OBJECTS, n));
		}
		CHECK(none == (fails_at <= gets));
		calls = gets;
		while (n)
			put(held[--n]);
		for (size_t cpu = 0; cpu < 2; cpu++) {
			move(cpu);
			percpu_cache_flush(&cache);
		}
		percpu_cache_drain(&cache);
	}
	CHECK(calls > 5);
	ends(OBJECTS);
}

static void none_left(void)
{
	struct object *held[41];
	size_t n = 0;

	make(1, 40, DEPOT);
	while ((held[n] = get()))
		CHECK(++n <= 40 && whole(40, n));
	CHECK(n == 40 && !get());
	put(held[0]);
	CHECK(get() == held[0] && !get());
	while (n)
		put(held[--n]);
	ends(40);
}

/* The allocator is called once in 16 operations at most, whatever their order. */
static void seldom(void)
{
	static struct object *held[4000];
	size_t n = 0, last = 0, calls = 0;

	make(1, OBJECTS, 0);
	for (size_t round = 0; round < 100000; round++) {
		bool more = rand() % 16 < (round / 64 % 2 ? 14 : 2);

		if (more && n < 1000)
			held[n++] = get();
		else if (n)
			put(held[--n]);
		if (gets + puts != calls) {
			CHECK(round - last > PERCPU_CACHE_BATCH - 1 || !last);
			calls = gets + puts;
			last = round;
		}
	}
	CHECK(gets > 100 && puts > 100);
}

/* To and fro at any number of objects, the allocator is called once. */
static void to_and_fro(void)
{
	make(1, OBJECTS, 0);
	for (size_t start = 0; start < 100; start++) {
		size_t calls;

		CHECK(get());
		calls = gets + puts;
		for (size_t round = 0; round < 100; round++)
			put(get());
		CHECK(gets + puts <= calls + 1);
	}
}

static void mistakes(void)
{
	static struct percpu_cache none;
	struct percpu_cache_source half = source;
	volatile size_t one = 1; /* of which a compiler that sees it would warn */
	struct object *object;

	CHECK(percpu_cache_fini(&none) == 0);
	CHECK(percpu_cache_init(&none, &source, depot, DEPOT) == PERCPU_ENOTREADY);
	make(2, OBJECTS, DEPOT);
	CHECK(percpu_cache_init(&none, NULL, depot, DEPOT) == PERCPU_EINVAL);
	CHECK(percpu_cache_init(&none, &source, NULL, one) == PERCPU_EINVAL);
	half.get = NULL;
	CHECK(percpu_cache_init(&none, &half, depot, DEPOT) == PERCPU_EINVAL);
	half = source;
	half.put = NULL;
	CHECK(percpu_cache_init(&none, &half, depot, DEPOT) == PERCPU_EINVAL && !none.magazines);
	CHECK(percpu_cache_init(&cache, &source, NULL, 0) == PERCPU_EALREADY);
	percpu_cache_put(&cache, NULL);
	CHECK(whole(OBJECTS, 0) && info().taken == 0);
	object = get();
	CHECK(percpu_cache_init(&cache, &source, NULL, 0) == PERCPU_EALREADY);
	CHECK(percpu_cache_fini(&cache) == PERCPU_EBUSY && whole(OBJECTS, 1));
	put(object);
	CHECK(get() == object);
	put(object);
	ends(OBJECTS);
	CHECK(percpu_cache_fini(&cache) == 0);
}

static void wrong_cache(void)
{
	static struct percpu_cache another;
	struct object *object;

	make(1, OBJECTS, DEPOT);
	CHECK(percpu_cache_init(&another, &source, NULL, 0) == 0);
	object = get();
	percpu_cache_put(&another, object);
	CHECK(percpu_cache_fini(&cache) == PERCPU_EBUSY);
	CHECK(percpu_cache_fini(&another) == PERCPU_EBUSY);
	CHECK(strstr(percpu_strerror(PERCPU_EBUSY), "objects of a cache that were not put back"));
	CHECK(strstr(percpu_strerror(PERCPU_EALREADY), "has not ended by its fini"));
	CHECK(percpu_cache_get(&another) == object);
	put(object);
	CHECK(percpu_cache_fini(&another) == 0);
	ends(OBJECTS);
}

static void no_room(void)
{
	struct percpu_cache others[40] = {0};
	size_t n = 0;
	int error;

	make(2, OBJECTS, DEPOT);
	while (!(error = percpu_cache_init(&others[n], &source, NULL, 0)))
		n++;
	CHECK(error == PERCPU_ENOMEM && n == 8192 / 256 - 1 && !others[n].magazines);
	CHECK(percpu_cache_fini(&others[0]) == 0);
	CHECK(percpu_cache_init(&others[n], &source, NULL, 0) == 0);
	put(get());
	ends(OBJECTS);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"at any time each object is in one place", at_random},
		{"with fewer objects than magazines hold, too", few_objects},
		{"and without a depot", without_depot},
		{"an allocator that fails, at each call, loses none", failing},
		{"a get is NULL when there is none left, and only then", none_left},
		{"the allocator is called once in 16 operations at most", seldom},
		{"to and fro costs no call of the allocator", to_and_fro},
		{"wrong calls are named, and change nothing", mistakes},
		{"an object put into another cache keeps both from ending, and is named",
		 wrong_cache},
		{"without room there is no cache, and those there are go on", no_room},
	};

	UNIT_RUN(tests);
}

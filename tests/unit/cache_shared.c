/* SPDX-License-Identifier: MIT */
/*
 * percpu_cache, used by many: handlers in the middle of the slow way, NMIs under the lock, threads
 * as CPUs, and CPUs that go; and what PERCPU_DEBUG finds.
 */
#include "common/objects.h"
#include "lib/dynamic.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct object *kept[64];
static size_t kept_count;

/* As many as fill what was empty, and empty what was full; on another CPU afterwards. */
static void handler(void)
{
	size_t times = (size_t)rand() % 64;

	while (times--) {
		if (rand() % 2 && kept_count < 64 && (kept[kept_count] = get()))
			kept_count++;
		else if (kept_count)
			put(kept[--kept_count]);
	}
	if (rand() % 4 == 0)
		percpu_cache_flush(&cache);
	if (rand() % 2)
		move((size_t)rand() % NCPU);
}

static void in_handlers(void)
{
	static struct object *held[500];
	size_t n = 0;

	make(NCPU, OBJECTS, 40);
	interrupt = handler;
	for (size_t round = 0; round < 40000; round++) {
		if (rand() % 8 < (round / 500 % 2 ? 6 : 2) && n < 500 && (held[n] = get()))
			n++;
		else if (n)
			put(held[--n]);
		CHECK(whole(OBJECTS, n + kept_count));
	}
	interrupt = NULL;
	while (n)
		put(held[--n]);
	while (kept_count)
		put(kept[--kept_count]);
	ends(OBJECTS);
}

/* The depot's lock is CPU's; the caller, on CPU 0, does without it, and is not here for ever. */
static void depot_is_of(size_t cpu)
{
	struct object *held[100];
	size_t in_depot;

	alarm(60);
	make(2, OBJECTS, DEPOT);
	for (size_t i = 0; i < 100; i++)
		held[i] = get();
	for (size_t i = 0; i < 50; i++)
		put(held[i]);
	in_depot = info().in_depot;
	cache.lock = (uintptr_t)percpu_area_base(cpu) | 1;
	for (size_t i = 0; i < 50; i++)
		held[i] = get();
	for (size_t i = 0; i < 100; i++)
		put(held[i]);
	CHECK(info().in_depot == in_depot && in_depot && percpu_host_irqs_off == 0);
	cache.lock = 0;
	CHECK(whole(OBJECTS, 0));
	ends(OBJECTS);
}

/* An NMI that has interrupted the depot's lock's holder. */
static void in_nmi(void)
{
	depot_is_of(0);
}

static void of_another(void)
{
	depot_is_of(1);
}

/* ---- NMIs, a signal each, on top of whoever holds a lock: the allocator's and the depot's ---- */

static pthread_barrier_t both;
static size_t nmis;

static void nmi(int signal_)
{
	PERCPU_PTR(uint64_t) handle;
	void *object = percpu_cache_get(&cache);

	(void)signal_;
	percpu_cache_put(&cache, object);
	if (percpu_alloc(&handle) == 0)
		CHECK(percpu_free(&handle) == 0);
	CHECK(object);
	__atomic_fetch_add(&nmis, 1, __ATOMIC_RELAXED);
}

static void under_depot(void)
{
	uintptr_t flags;

	move(2);
	CHECK(_percpu_lock(&cache.lock, &flags, 1));
	pthread_barrier_wait(&both);
	raise(SIGUSR1);
	_percpu_unlock(&cache.lock, flags);
}

static void *under_allocator(void *none)
{
	uintptr_t flags;

	move(1);
	CHECK(_percpu_sets_begin(&flags) == 0);
	pthread_barrier_wait(&both);
	raise(SIGUSR1);
	_percpu_sets_end(flags);
	return none;
}

static size_t get_one(void *context, void **into, size_t n)
{
	static struct object one;

	(void)context, (void)n;
	into[0] = &one;
	return 1;
}

static void put_none(void *context, void **from, size_t n)
{
	(void)context, (void)from, (void)n;
}

static void two_locks(void)
{
	static const struct percpu_cache_source plain = {get_one, put_none, NULL};
	pthread_t other;

	alarm(60);
	CHECK(percpu_init(3) == 0);
	move(0);
	CHECK(percpu_cache_init(&cache, &plain, depot, DEPOT) == 0);
	signal(SIGUSR1, nmi);
	pthread_barrier_init(&both, NULL, 2);
	CHECK(pthread_create(&other, NULL, under_allocator, NULL) == 0);
	under_depot();
	CHECK(pthread_join(other, NULL) == 0);
	CHECK(nmis == 2 && cache.lock == 0 && info().in_use == 0);
}

/* What CPU 1 gets and puts before it goes. */
static struct object *before;

static void come_and_go_1(void)
{
	CHECK(percpu_cpu_up(1) == 0);
	before = get();
	put(before);
	CHECK(info().in_magazines == PERCPU_CACHE_BATCH);
	CHECK(percpu_cpu_down(1) == 0);
}

static void come_again_1(void)
{
	CHECK(percpu_cpu_up(1) == 0 && get() == before);
	put(before);
	percpu_cache_flush(&cache);
}

/* CPU 1 goes, with what its magazines have, and comes again. */
static void goes_down(void)
{
	make(2, OBJECTS, DEPOT);
	unit_on_another(come_and_go_1);
	CHECK(percpu_cpu_dead(1) == 0 && whole(OBJECTS, 0));
	CHECK(info().in_magazines == PERCPU_CACHE_BATCH);
	unit_on_another(come_again_1);
	CHECK(info().in_magazines == 0 && info().in_depot == PERCPU_CACHE_BATCH);
	percpu_cache_drain(&cache);
	CHECK(info().taken == 0);
	ends(OBJECTS);
}

/* ---- Threads as CPUs: what one gets another puts ---- */

#define ROUNDS 20000
static struct object *passed[NCPU];
static pthread_barrier_t all_bound;

static void work(size_t cpu)
{
	for (size_t round = 0; round < ROUNDS; round++) {
		struct object *object = get(), *other;
		size_t to = (cpu + round / 64) % NCPU;

		/* Acquire and release: its used is another CPU's. */
		other = __atomic_exchange_n(&passed[to], object, __ATOMIC_ACQ_REL);
		if (other)
			put(other);
		if (round % 1000 == 0)
			percpu_cache_flush(&cache);
		if (round % 1500 == 0)
			percpu_cache_drain(&cache);
	}
}

static void *thread(void *argument)
{
	move(*(size_t *)argument);
	pthread_barrier_wait(&all_bound);
	work(*(size_t *)argument);
	return NULL;
}

static void threads(void)
{
	static size_t numbers[NCPU];
	pthread_t running[NCPU];
	size_t held = 0;

	make(NCPU, 300, DEPOT);
	pthread_barrier_init(&all_bound, NULL, NCPU - 1);
	for (size_t cpu = 1; cpu < NCPU; cpu++) {
		numbers[cpu] = cpu;
		if (pthread_create(&running[cpu], NULL, thread, &numbers[cpu]))
			tap_bail_out("cannot start a thread: see ulimit -u");
	}
	for (size_t cpu = 1; cpu < NCPU; cpu++)
		pthread_join(running[cpu], NULL);
	for (size_t cpu = 0; cpu < NCPU; cpu++)
		held += passed[cpu] != NULL;
	CHECK(whole(300, held));
	for (size_t cpu = 0; cpu < NCPU; cpu++)
		if (passed[cpu])
			put(passed[cpu]);
	ends(300);
}

/* ---- What PERCPU_DEBUG sees ---- */

#if PERCPU_DEBUG
static const char *why_panic = "";

void percpu_panic(const char *why)
{
	why_panic = why;
	_exit(strstr(why, "it has been put twice")    ? 42
	      : strstr(why, "has given more objects") ? 43
						      : 44);
}

static void put_twice(void)
{
	struct object *object;

	make(1, OBJECTS, DEPOT);
	object = get();
	put(object);
	percpu_cache_put(&cache, object);
}

static size_t gives_null(void *context, void **into, size_t n)
{
	(void)context, (void)n;
	into[0] = NULL;
	return 1;
}

static void null_given(void)
{
	struct percpu_cache_source wrong = source;

	make(1, OBJECTS, DEPOT);
	wrong.get = gives_null;
	CHECK(percpu_cache_fini(&cache) == 0);
	CHECK(percpu_cache_init(&cache, &wrong, NULL, 0) == 0);
	(void)percpu_cache_get(&cache);
}

static void used_after_fini(void)
{
	make(1, OBJECTS, DEPOT);
	CHECK(percpu_cache_fini(&cache) == 0);
	(void)percpu_cache_get(&cache);
}

static void debugging(void)
{
	CHECK(WEXITSTATUS(unit_fork(put_twice)) == 42);
	CHECK(WEXITSTATUS(unit_fork(null_given)) == 43);
	CHECK(WEXITSTATUS(unit_fork(used_after_fini)) == 44);
}
#endif

void kernel_main(void)
{
	static const struct test tests[] = {
		{"a handler in the slow way, and a move to another CPU, lose none", in_handlers},
		{"an NMI in the middle of the depot's lock does without it", in_nmi},
		{"a depot whose lock another CPU does not give back is done without", of_another},
		{"NMIs on top of the allocator's and the depot's locks do not wait for ever",
		 two_locks},
		{"what threads get at once, and put on other CPUs, is each one's own", threads},
		{"a CPU that goes down has its magazines when it comes again", goes_down},
#if PERCPU_DEBUG
		{"a second put, a NULL and a cache that has ended are found", debugging},
#endif
	};

	UNIT_RUN(tests);
}

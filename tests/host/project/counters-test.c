/* SPDX-License-Identifier: 0BSD */
/* Threads as CPUs. It prints what it has found wrong, if anything, and how it ended. */
#include "counters.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#define NCPU 3
#define EVENTS 5000

static pthread_barrier_t all_bound;

static void must(int holds, const char *what)
{
	if (holds)
		return;
	printf("does not hold: %s\n", what);
	exit(1);
}

void percpu_panic(const char *why)
{
	printf("percpu_panic: %s\n", why);
	abort();
}

#ifdef BUG_RACE
/* In turns, so that it is a race on every run; relaxed, so that it is one at all. */
static int turn;

static void wait_for_turn(int wanted)
{
	while (__atomic_load_n(&turn, __ATOMIC_RELAXED) != wanted)
		sched_yield();
}
#endif

static void *cpu_main(void *argument)
{
	size_t cpu = *(const size_t *)argument;

	must(percpu_set_local_thread_pointer(cpu) == 0, "a thread is bound");
	pthread_barrier_wait(&all_bound);
	for (uint32_t i = 0; i < EVENTS; i++) {
		uint64_t before = count_all();

		count_event(i);
		must(count_all() > before, "the sum grows");
	}
#ifdef BUG_RACE
	for (uint32_t i = 0; cpu == 1 && i < 100; i++) {
		wait_for_turn(1);
		percpu_inc(events);
		__atomic_store_n(&turn, 0, __ATOMIC_RELAXED);
	}
#endif
	must(percpu_read(trace[0]) == EVENTS - EVENTS % TRACED, "the last of all is there");
	clear_trace();
#ifdef BUG_UNINITIALISED
	uint32_t *unknown = malloc(sizeof(*unknown));

	percpu_write(trace[0], *unknown);
	free(unknown);
#endif
	if (percpu_read(trace[0]))
		printf("not cleared\n");
	return NULL;
}

int main(void)
{
	size_t numbers[NCPU];
	pthread_t threads[NCPU];

	must(percpu_init(NCPU) == 0, "the areas are made");
	pthread_barrier_init(&all_bound, NULL, NCPU);
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		numbers[cpu] = cpu;
		must(pthread_create(&threads[cpu], NULL, cpu_main, &numbers[cpu]) == 0,
		     "a thread starts");
	}
#ifdef BUG_RACE
	for (uint32_t i = 0; i < 100; i++) {
		wait_for_turn(0);
		give_events(1, 0);
		__atomic_store_n(&turn, 1, __ATOMIC_RELAXED);
	}
#endif
	for (size_t cpu = 0; cpu < NCPU; cpu++)
		pthread_join(threads[cpu], NULL);
	must(count_all() == NCPU * EVENTS, "all events are counted");
	give_events(1, 5);
	must(percpu_read_on(events, 1) == EVENTS + 5, "a CPU that does not run is given some");
	printf("all holds\n");
	return 0;
}

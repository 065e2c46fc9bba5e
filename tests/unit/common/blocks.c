/* SPDX-License-Identifier: MIT */
#include "blocks.h"

#include <percpu.h>

#include <pthread.h>

#include "unit.h"

#define MOST 64

static pthread_barrier_t all_bound;
static void (*work_of_all)(size_t cpu);
static size_t running;

void blocks_init(size_t ncpu)
{
	int error = percpu_init(ncpu);

	if (!error)
		error = percpu_set_local_thread_pointer(0);
	if (error)
		tap_bail_out("%zu areas: %s", ncpu, percpu_strerror(error));
}

void blocks_move(size_t cpu)
{
	CHECK(percpu_set_local_thread_pointer(cpu) == 0);
}

static void *thread(void *argument)
{
	size_t cpu = *(size_t *)argument;

	if (percpu_set_local_thread_pointer(cpu))
		tap_bail_out("there is no CPU %zu", cpu);
	pthread_barrier_wait(&all_bound);
	work_of_all(cpu);
	__atomic_fetch_sub(&running, 1, __ATOMIC_RELEASE);
	return NULL;
}

int blocks_running(void)
{
	return __atomic_load_n(&running, __ATOMIC_ACQUIRE) != 0;
}

void blocks_run(size_t ncpu, void (*work)(size_t cpu), void (*watch)(void))
{
	static size_t numbers[MOST];
	pthread_t threads[MOST];

	work_of_all = work;
	running = ncpu - 1;
	pthread_barrier_init(&all_bound, NULL, (unsigned)(ncpu - 1));
	for (size_t cpu = 1; cpu < ncpu; cpu++) {
		numbers[cpu] = cpu;
		if (pthread_create(&threads[cpu], NULL, thread, &numbers[cpu]))
			tap_bail_out("cannot start a thread: see ulimit -u");
	}
	if (watch)
		watch();
	for (size_t cpu = 1; cpu < ncpu; cpu++)
		pthread_join(threads[cpu], NULL);
	pthread_barrier_destroy(&all_bound);
}

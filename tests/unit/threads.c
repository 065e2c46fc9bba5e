/* SPDX-License-Identifier: MIT */
/*
 * Threads as CPUs: each is bound to its own area and works on the same variables at the same time
 * as all others. It fails if an update is lost, seen by another thread, or lands in a neighbour.
 */
#include <percpu.h>

#include <pthread.h>

#include "common/unit.h"

#define NCPU 8
#define ROUNDS 20000

PERCPU_DEFINE(uint64_t, count);
static PERCPU_DEFINE(uint8_t[3], bytes) = {17, 0, 34};
static PERCPU_DEFINE(int64_t, balance);
static PERCPU_DEFINE_FAR(uint16_t[400], far_counts);
static PERCPU_DEFINE(uint64_t, mark);
static PERCPU_DEFINE_CACHELINE(size_t, seen_by_others);

static pthread_barrier_t all_bound;
static size_t wrong[NCPU]; /* what each thread found to be wrong in its own copies */

static void work(size_t cpu)
{
	for (size_t round = 0; round < ROUNDS; round++) {
		uint64_t mine = round * NCPU + cpu;

		percpu_write(mark, mine);
		percpu_inc(count);
		percpu_inc(bytes[1]);
		percpu_sub(balance, (int64_t)cpu);
		percpu_add(far_counts[round % 400], 1);
		wrong[cpu] += percpu_add_return(seen_by_others, 1) != round + 1;
		wrong[cpu] += percpu_read(mark) != mine;
		wrong[cpu] += percpu_xchg(mark, ~mine) != mine;
		wrong[cpu] += percpu_cmpxchg(mark, ~mine, 0) != ~mine;
	}
}

static void *thread(void *argument)
{
	size_t cpu = *(size_t *)argument;

	wrong[cpu] += percpu_set_local_thread_pointer(cpu) != 0;
	pthread_barrier_wait(&all_bound);
	work(cpu);
	wrong[cpu] += percpu_cpu_id() != cpu;
	wrong[cpu] += percpu_get_local_thread_pointer() != percpu_area_base(cpu);
	return NULL;
}

static void run_all(void)
{
	pthread_t threads[NCPU];
	size_t numbers[NCPU];

	CHECK(percpu_init(NCPU) == 0);
	pthread_barrier_init(&all_bound, NULL, NCPU);
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		numbers[cpu] = cpu;
		if (pthread_create(&threads[cpu], NULL, thread, &numbers[cpu]))
			tap_bail_out("cannot start a thread: see ulimit -u");
	}
	for (size_t cpu = 0; cpu < NCPU; cpu++)
		pthread_join(threads[cpu], NULL);
}

static void own_copies(void)
{
	run_all();
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		CHECK(wrong[cpu] == 0);
		CHECK(percpu_read_on(count, cpu) == ROUNDS);
		CHECK(percpu_read_on(bytes[0], cpu) == 17);
		CHECK(percpu_read_on(bytes[1], cpu) == (uint8_t)ROUNDS);
		CHECK(percpu_read_on(bytes[2], cpu) == 34);
		CHECK(percpu_read_on(balance, cpu) == -(int64_t)cpu * ROUNDS);
		CHECK(percpu_read_on(mark, cpu) == 0);
	}
}

static void exact_sums(void)
{
	run_all();
	CHECK(percpu_sum(count) == (uint64_t)NCPU * ROUNDS);
	CHECK(percpu_sum(seen_by_others) == (uint64_t)NCPU * ROUNDS);
	CHECK(percpu_sum(balance) == -(int64_t)ROUNDS * NCPU * (NCPU - 1) / 2);
	for (size_t i = 0; i < 400; i++)
		CHECK(percpu_sum(far_counts[i]) == NCPU * ROUNDS / 400);
}

/* One thread goes on while another reads its copy: a value never goes back. */
static void remote_reads(void)
{
	pthread_t other;
	size_t cpu = 1;
	size_t last = 0;

	CHECK(percpu_init(2) == 0);
	pthread_barrier_init(&all_bound, NULL, 1);
	if (pthread_create(&other, NULL, thread, &cpu))
		tap_bail_out("cannot start a thread: see ulimit -u");
	while (last < ROUNDS) {
		size_t now = percpu_read_on(seen_by_others, cpu);

		CHECK(now >= last && now <= ROUNDS);
		last = now;
	}
	pthread_join(other, NULL);
	CHECK(percpu_read_on(seen_by_others, 0) == 0);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"each thread sees its own copies only", own_copies},
		{"the sums over all threads are exact", exact_sums},
		{"another CPU's counter, read while it counts, never goes back", remote_reads},
	};

	UNIT_RUN(tests);
}

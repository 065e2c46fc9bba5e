/* SPDX-License-Identifier: MIT */
/*
 * What it takes to start all CPUs: from the first instruction, where entry.S notes the clock, to
 * the last CPU online. On the command line: serial=1 starts one after the other, as cpus.c says.
 *
 * "elapsed" is just that. "prepare" and "start" leave out what is waiting, so that under -icount
 * they are instructions that do something: CPU 0 up to the first start, and then each call of
 * arch_start_cpus to the last of its CPUs online. CPU 0 may be asleep when that comes, and whatever
 * passes until it looks is not in it; nor are delays that the hardware asks for, which skip=1
 * shortens: bench_skip. The linker's --wrap puts the function below before the real one.
 */
#include "bench.h"

extern uint64_t bench_entered; /* entry.S */

uint64_t bench_skip, bench_skipped;

static uint64_t called_at[MAX_CPUS];
static size_t online_at[MAX_CPUS];

void __real_arch_start_cpus(size_t first, size_t end);
void __wrap_arch_start_cpus(size_t first, size_t end);

void __wrap_arch_start_cpus(size_t first, size_t end)
{
	uint64_t now = machine_clock();

	for (size_t cpu = first; cpu < end; cpu++)
		called_at[cpu] = now;
	__real_arch_start_cpus(first, end);
}

static void online(size_t cpu)
{
	/* The release pairs with the acquire in wait_for. */
	__atomic_store_n(&online_at[cpu], machine_clock(), __ATOMIC_RELEASE);
}

/* When the last of CPUs 0 to END - 1 came online. */
static uint64_t last_online(size_t end)
{
	uint64_t last = 0;

	for (size_t cpu = 0; cpu < end; cpu++)
		last = online_at[cpu] > last ? online_at[cpu] : last;
	return last;
}

/* Over all calls of arch_start_cpus; those of one call have the same time in called_at. */
static uint64_t starting(void)
{
	uint64_t sum = 0;

	for (size_t cpu = 1; cpu < cpu_count; cpu++)
		if (cpu + 1 == cpu_count || called_at[cpu + 1] != called_at[cpu])
			sum += last_online(cpu + 1) - called_at[cpu];
	return sum ? sum - bench_skipped : 0;
}

void bench_start(void)
{
	int error = percpu_init(cpu_count);
	bool all;

	if (error || (error = percpu_set_local_thread_pointer(0)))
		tap_bail_out("cpu 0: bench: %zu CPUs: %s", cpu_count, percpu_strerror(error));
	(void)option("skip", &bench_skip);
	online(0);
	all = cpus_start(online) == cpu_count;
	for (size_t cpu = 1; cpu < cpu_count && all; cpu++)
		all = wait_for(&online_at[cpu], 1, board_microseconds() + WAIT_MICROSECONDS);
	tap_plan(4);
	tap_ok(all, "%zu CPUs are online", cpu_count);
	bench_report("start", "prepare", online_at[0] - bench_entered);
	bench_report("start", "start", starting());
	bench_report("start", "elapsed", last_online(cpu_count) - bench_entered);
}

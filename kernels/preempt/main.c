/* SPDX-License-Identifier: 0BSD */
/*
 * preempt: per-CPU variables while everything moves. More threads than CPUs do every operation on
 * variables of every size; a timer interrupts them at random, its handler does the same operations,
 * now and then with a trap of its own in which they are done once more, and then the CPU goes on
 * with another thread, whichever CPU that came from (scheduler.c). What each did is counted in
 * plain memory. In the end the CPUs' copies must hold exactly that, and what lies between the
 * variables must be as it was (operations.h, others.c, blocks.c, cache.c, sets.c).
 *
 * With PERCPU_PREEMPT=restart, percpu_restart, called first in the handler (traps.c), is all that
 * is done for it; with hooks, a thread that has preemption off goes on. It fails if an update is
 * lost, done twice or done to a neighbour. Without interrupts in the middle of operations and
 * threads on other CPUs than before, it would show nothing: the threads go on until there were
 * enough of both, or none of what is missing has come for 30 s, and the line of counts says how
 * many. With fixup=0 the handler lets sequences go on where they were, and with hooks=0 the hooks
 * do nothing: then updates must be lost.
 *
 * Options: seed=NUMBER, for what the threads do; fixup=0; hooks=0.
 */
#include <kernels/common/kernel.h>

#include "preempt.h"

/* How many traps are missing, and when the threads end if that does not change. Atomic. */
static size_t missing;
static uint64_t until;

static size_t quiet[MAX_CPUS]; /* the CPU has turned its interrupts off for good */

/* Not back, by a thread that was kept from the CPU since it asked for the time. */
static void end_not_before(uint64_t time)
{
	uint64_t set = __atomic_load_n(&until, __ATOMIC_RELAXED);

	while (set < time && !__atomic_compare_exchange_n(&until, &set, time, false,
							  __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

/* Whether there was enough of all, or no more comes. */
static bool is_over(void)
{
	uint64_t now = board_microseconds();
	size_t left = traps_missing();

	/* Acquire and release: whoever sees the number sees the time, which was written before. */
	if (left != __atomic_load_n(&missing, __ATOMIC_ACQUIRE)) {
		end_not_before(now + 3 * WAIT_MICROSECONDS);
		__atomic_store_n(&missing, left, __ATOMIC_RELEASE);
	}
	return !left || now > __atomic_load_n(&until, __ATOMIC_RELAXED);
}

static void thread_main(void *argument)
{
	struct thread *thread = argument;

	do
		sets_operate(thread->own);
	while (!is_over());
	if (preempt_depth())
		tap_bail_out("a thread ends with preemption off, %zu times: the hooks are not "
			     "called in pairs",
			     preempt_depth());
	/* Read on the CPU that it is on then, when that has left it: plain. */
	thread->finished = 1;
	for (;;)
		arch_pause();
}

static void prepare_interrupts(size_t cpu)
{
	const char *error = arch_interrupts_init(cpu);

	if (error)
		tap_bail_out("cpu %zu (%s %lu): interrupts: %s", cpu, board_hwid_name,
			     cpus[cpu].hwid, error);
}

/* What each CPU starts with, and comes back to when there is no thread to take. */
static void run(size_t cpu)
{
	if (cpu)
		prepare_interrupts(cpu);
	timer_set_random(NULL);
	arch_interrupts_on();
	if (!wait_while(&threads_finished, thread_count, &threads_scheduled, 6 * WAIT_MICROSECONDS))
		tap_bail_out("cpu %zu has no thread to run, but %zu have not ended: look for "
			     "threads that schedule() forgot",
			     cpu, thread_count - threads_finished);
	arch_interrupts_off();
	/* The release pairs with the acquire in wait_for: what its handlers did is complete. */
	__atomic_store_n(&quiet[cpu], 1, __ATOMIC_RELEASE);
}

static void start_threads(void)
{
	thread_count = 2 * cpu_count + 2 < MAX_THREADS ? 2 * cpu_count + 2 : MAX_THREADS;
	stacks_guard("stack of thread", threads[0].stack, sizeof(threads[0]), thread_count);
	for (size_t i = 0; i < thread_count; i++)
		thread_start_later(&threads[i], thread_main);
}

static void report(size_t online)
{
	uint64_t lost = sets_lost(), guards = sets_guards_changed();

	traps_report(lost);
	tap_ok(true, "%zu threads have ended on %zu CPUs", thread_count, online);
	tap_ok(lost == 0, "no update is lost, done twice or halved: %lu results are wrong", lost);
	tap_ok(guards == 0, "what lies between the variables is as it was: %lu words are not",
	       guards);
}

void kernel_main(void)
{
	size_t online;

	cpus_make_areas();
	tap_plan(3);
	traps_prepare();
	sets_prepare();
	start_threads();
	prepare_interrupts(0);
	online = cpus_start(run);
	run(0);
	for (size_t cpu = 1; cpu < cpu_count; cpu++)
		if (!cpus[cpu].error &&
		    !wait_for(&quiet[cpu], 1, board_microseconds() + 6 * WAIT_MICROSECONDS))
			tap_bail_out("cpu %zu has not come to rest: see where it is with QEMU's "
				     "-d int",
				     cpu);
	report(online);
}

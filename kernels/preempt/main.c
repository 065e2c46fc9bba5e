/* SPDX-License-Identifier: 0BSD */
/*
 * preempt: per-CPU variables while everything moves. More threads than CPUs do every operation on
 * variables of every size; a timer interrupts them at random, its handler does the same operations,
 * now and then with a trap of its own in which they are done once more, and then the CPU goes on
 * with another thread, whichever CPU that came from (scheduler.c). What each did is counted in
 * plain memory. In the end the CPUs' copies must hold exactly that, and what lies between the
 * variables must be as it was (operations.h, others.c).
 *
 * With PERCPU_PREEMPT=restart, percpu_restart, called first in the handler, is all that is done for
 * it; with hooks, a thread that has preemption off goes on. It fails if an update is lost, done
 * twice or done to a neighbour. Without interrupts in the middle of operations and threads on other
 * CPUs than before, it would show nothing: the threads go on until there were enough of both, or
 * for 30 s, and the line of counts says how many. With fixup=0 the handler lets sequences go on
 * where they were, and with hooks=0 the hooks do nothing: then updates must be lost.
 */
#include <kernels/common/kernel.h>
#include <percpu.h>

#include "preempt.h"

#define HOOKS (PERCPU__PREEMPT == PERCPU__PREEMPT_hooks)

/* How many interrupts, and of the kinds that matter, make a run. */
#define INTERRUPTS 2000
#define OF_EACH_KIND 100

/* From one of a CPU's interrupts to its next. */
#define SHORTEST_MICROSECONDS 20
#define MORE_MICROSECONDS 200 /* than these, at most */

static uint64_t fixup = 1, hooks = 1;
static uint64_t until; /* when the threads end, with enough or not */

/* The table of sequences. Volatile: a compiler takes two names for two places. */
static const char *const volatile first_sequence = _percpu_sequences_start;
static const char *const volatile last_sequence = _percpu_sequences_end;

/* Counted by all CPUs, relaxed: nothing else hangs on them. */
static size_t interrupts, inside, restarts, put_off, nested;

static size_t quiet[MAX_CPUS]; /* the CPU has turned its interrupts off for good */

static size_t count(size_t *counter, size_t by)
{
	return __atomic_add_fetch(counter, by, __ATOMIC_RELAXED);
}

static void restart(struct trap_frame *frame)
{
	uintptr_t pc = arch_frame_pc(frame), start, end;

	count(&inside, percpu_in_sequence(pc, &start, &end) && pc != start);
	if (!fixup)
		return;
	arch_frame_set_pc(frame, percpu_restart(pc));
	count(&restarts, arch_frame_pc(frame) != pc);
}

static void set_timer(struct thread *thread)
{
	uint64_t us = SHORTEST_MICROSECONDS;

	if (thread)
		us += next_random(&thread->handlers[0].random) % MORE_MICROSECONDS;
	arch_timer_set(arch_timer_rate() * us / 1000000);
}

struct trap_frame *trap_handle(struct trap_frame *frame, enum trap_kind kind)
{
	struct thread *thread = thread_of(frame);
	bool held;

	restart(frame);
	held = preempt_depth() > 0;
	if (thread)
		sets_operate(thread->handlers);
	if (kind == TRAP_BREAKPOINT) {
		count(&nested, 1);
		return frame;
	}
	count(&interrupts, 1);
	if (thread && next_random(&thread->handlers[0].random) % 4 == 0)
		arch_breakpoint();
	arch_timer_acknowledge();
	set_timer(thread);
	count(&put_off, held);
	return held ? frame : schedule(frame);
}

static size_t counted(const size_t *counter)
{
	return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

static bool sequences_exist(void)
{
	return first_sequence != last_sequence;
}

static bool enough(void)
{
	return counted(&interrupts) >= INTERRUPTS &&
	       (cpu_count == 1 || counted(&migrations) >= OF_EACH_KIND) &&
	       (!sequences_exist() || counted(&inside) >= OF_EACH_KIND) &&
	       (!hooks || counted(&put_off) >= OF_EACH_KIND);
}

static void thread_main(void *argument)
{
	struct thread *thread = argument;

	do
		sets_operate(thread->own);
	while (!enough() && board_microseconds() < until);
	/* Read by a CPU that has taken the thread over, or by this one: see lock. */
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
	set_timer(NULL);
	arch_interrupts_on();
	while (threads_left()) {
		if (board_microseconds() > until + WAIT_MICROSECONDS)
			tap_bail_out("cpu %zu has no thread to run, but %zu have not ended: look "
				     "for threads that schedule() forgot",
				     cpu, threads_left());
		arch_pause();
	}
	arch_interrupts_off();
	/* The release pairs with the acquire in wait_for: what its handlers did is complete. */
	__atomic_store_n(&quiet[cpu], 1, __ATOMIC_RELEASE);
}

static void start_threads(void)
{
	thread_count = 2 * cpu_count + 2 < MAX_THREADS ? 2 * cpu_count + 2 : MAX_THREADS;
	until = board_microseconds() + 3 * WAIT_MICROSECONDS;
	for (size_t i = 0; i < thread_count; i++)
		thread_start_later(&threads[i], thread_main);
}

static void report(size_t online)
{
	uint64_t lost = sets_lost(), guards = sets_guards_changed();

	print("# migrations %zu, interrupts inside sequences %zu, restarts %zu, lost %lu\n",
	      migrations, inside, restarts, lost);
	print("# interrupts %zu, nested traps %zu, switches put off %zu\n", interrupts, nested,
	      put_off);
	if (!sequences_exist())
		print("# there are no sequences: %s\n",
		      HOOKS ? "the hooks are called around each operation"
			    : "on this architecture each operation is one instruction");
	tap_ok(true, "%zu threads have ended on %zu CPUs", thread_count, online);
	tap_ok(lost == 0, "no update is lost, done twice or halved: %lu results are wrong", lost);
	tap_ok(guards == 0, "what lies between the variables is as it was: %lu words are not",
	       guards);
}

void kernel_main(void)
{
	int error = percpu_init(cpu_count);
	size_t online;

	if (!error)
		error = percpu_set_local_thread_pointer(0);
	if (error)
		tap_bail_out("percpu_init(%zu): %s", cpu_count, percpu_strerror(error));
	(void)option("fixup", &fixup);
	(void)option("hooks", &hooks);
	preemption_exists = true;
	preemption_hooks_idle = !hooks;
	tap_plan(3);
	sets_prepare();
	start_threads();
	prepare_interrupts(0);
	online = cpus_start(run);
	run(0);
	for (size_t cpu = 1; cpu < cpu_count; cpu++)
		if (!cpus[cpu].error && !wait_for(&quiet[cpu], 1, until + 3 * WAIT_MICROSECONDS))
			tap_bail_out("cpu %zu has not come to rest: see where it is with QEMU's "
				     "-d int",
				     cpu);
	report(online);
}

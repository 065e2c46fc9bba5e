/* SPDX-License-Identifier: 0BSD */
/* What happens on a trap, and how often what has happened. */
#include "preempt.h"

#include <kernels/common/kernel.h>
#include <percpu.h>

#define HOOKS PERCPU_IS_HOOKS

/*
 * How many interrupts make a run, and how many of the kinds that matter: fewer where most of the
 * time is spent in checks.
 */
#define INTERRUPTS 1500
#define OF_EACH_KIND (PERCPU_DEBUG ? 10 : 100)

/* From one of a CPU's interrupts to its next. */
#define SHORTEST_MICROSECONDS 20
#define MORE_MICROSECONDS 200 /* than these, at most */

static uint64_t fixup = 1, hooks = 1;

/* The table of sequences. Volatile: a compiler takes two names for two places. */
static const char *const volatile first_sequence = _percpu_sequences_start;
static const char *const volatile last_sequence = _percpu_sequences_end;

/* Counted by all CPUs, relaxed: nothing else hangs on them. */
static size_t interrupts, inside, restarts, put_off, nested;

static void count(size_t *counter, bool happened)
{
	if (happened)
		__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
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

void timer_set_random(struct thread *thread)
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
		count(&nested, true);
		return frame;
	}
	if (!arch_timer_acknowledge())
		return frame; /* what is not counted is missed */
	count(&interrupts, true);
	if (thread && next_random(&thread->handlers[0].random) % 4 == 0)
		arch_breakpoint();
	timer_set_random(thread);
	count(&put_off, held);
	return held ? frame : schedule(frame);
}

static size_t missing(const size_t *counter, size_t wanted)
{
	size_t counted = __atomic_load_n(counter, __ATOMIC_RELAXED);

	return counted < wanted ? wanted - counted : 0;
}

static bool sequences_exist(void)
{
	return first_sequence != last_sequence;
}

size_t traps_missing(void)
{
	return missing(&interrupts, INTERRUPTS) +
	       missing(&migrations, cpu_count > 1 ? OF_EACH_KIND : 0) +
	       missing(&inside, sequences_exist() ? OF_EACH_KIND : 0) +
	       missing(&put_off, hooks ? OF_EACH_KIND : 0);
}

void traps_prepare(void)
{
	(void)option("fixup", &fixup);
	(void)option("hooks", &hooks);
	preemption_exists = true;
	preemption_hooks_idle = !hooks;
}

void traps_report(uint64_t lost)
{
	print("# migrations %zu, interrupts inside sequences %zu, restarts %zu, lost %lu\n",
	      migrations, inside, restarts, lost);
	print("# interrupts %zu, nested traps %zu, switches put off %zu\n", interrupts, nested,
	      put_off);
	if (!sequences_exist())
		print("# there are no sequences: %s\n",
		      HOOKS ? "the hooks are called around each operation"
			    : "on this architecture each operation is one instruction");
}

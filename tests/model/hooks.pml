/* SPDX-License-Identifier: MIT */
/*
 * PERCPU_PREEMPT=hooks, on aarch64: every operation is between percpu_preempt_disable and
 * percpu_preempt_enable, and the kernel's hooks keep their count as docs/model.md has it: in the
 * thread, or, with -DCOUNT_PER_CPU, in a per-CPU variable. Handlers use hooks as well.
 *
 * The operation itself is an add by load-exclusive and store-exclusive. The scheduler moves a
 * thread only from an interrupt handler, and only if the count is 0. The controls:
 *
 *	NO_HOOKS		the operation alone
 *	INTERRUPTS_STAY_ON	in the hook that raises a count in a per-CPU variable
 *	IGNORE_COUNT		in the scheduler
 *	NMI_SCHEDULES		percpu_preempt_enable in an NMI handler switches threads. With a
 *				count in the thread this does no harm to the count
 */
#include "machine.pml"

#define THREADS 2
#define LEVELS 3		/* contexts a thread: itself, a handler, one in the handler */
#define CONTEXTS (THREADS * LEVELS)

/* A context, as in restart.pml; masked is PSTATE.I, which a trap saves and its return restores. */
byte pc[CONTEXTS], x[CONTEXTS], old[CONTEXTS], kind[CONTEXTS];
bool masked[CONTEXTS], before[CONTEXTS];
byte depth[THREADS];
bool in_nmi[THREADS];

hidden byte top;
#define PC	pc[top]
#define X	x[top]
#define OLD	old[top]
#define TOP	(thread * LEVELS + depth[thread])
#define AMOUNT	(1 + thread + 4 * depth[thread])

#define INTERRUPT	1
#define NMI		2

byte interrupts = INTERRUPTS, nmis = NMIS;	/* that may still come, on any CPU */
bool monitor[CPUS];
byte due;
bool foreign, sum_is_wrong, count_is_left;

#ifdef COUNT_PER_CPU
byte count[CPUS];
#define COUNT count[cpu]
#else
byte count[THREADS];
#define COUNT count[thread]
#endif

/* Where the pc is. */
#define DISABLE		0
#define OPERATION	10
#define ENABLE		20
#define DONE		30
#define SCHEDULE	40
#define RETURN		41

#ifdef NO_HOOKS
#define START OPERATION
#define BEHIND_OPERATION DONE
#else
#define START DISABLE
#define BEHIND_OPERATION ENABLE
#endif

inline trap(what)
{
	depth[thread]++;
	top = TOP;
	PC = START;
	kind[top] = what;
	masked[top] = true;
	in_nmi[thread] = in_nmi[thread] || what == NMI
}

inline clear_context()
{
	pc[top] = 0; x[top] = 0; old[top] = 0; kind[top] = 0;
	masked[top] = false; before[top] = false
}

inline return_from_trap()
{
	in_nmi[thread] = in_nmi[thread] && kind[top] != NMI;
	monitor[cpu] = false;
	clear_context();
	depth[thread]--
}

inline thread_is_done()
{
	due = due + AMOUNT;
	clear_context();
	thread = NONE;
	finished++;
	if
	:: finished == THREADS ->
		sum_is_wrong = memory[0] + memory[1] != due;
		assert(!sum_is_wrong);
		count_is_left = count[0] != 0 || count[1] != 0;
		assert(!count_is_left)
	:: else
	fi
}

inline done()
{
	if
	:: depth[thread] == 0 -> thread_is_done()
	:: else -> due = due + AMOUNT; PC = SCHEDULE
	fi
}

inline store_exclusive()
{
	if
	:: monitor[cpu] ->
		foreign = AREA_OF(X) != cpu;
		assert(!foreign);
		memory[AREA_OF(X)] = OLD + AMOUNT;
		monitor[cpu] = false;
		PC = BEHIND_OPERATION
	:: else -> PC = OPERATION + 1
	fi
}

inline step()
{
	top = TOP;
	if
#ifdef COUNT_PER_CPU
	:: PC == DISABLE + 0 ->
		before[top] = masked[top];
#ifndef INTERRUPTS_STAY_ON
		masked[top] = true;
#endif
		PC++
	:: PC == DISABLE + 1 -> X = reg[cpu]; PC++		/* percpu_raw_add(depth, 1) */
	:: PC == DISABLE + 2 -> OLD = count[AREA_OF(X)]; PC++
	:: PC == DISABLE + 3 -> count[AREA_OF(X)] = OLD + 1; PC++
	:: PC == DISABLE + 4 -> masked[top] = before[top]; PC = OPERATION
#else
	:: PC == DISABLE + 0 -> OLD = count[thread]; PC++
	:: PC == DISABLE + 1 -> count[thread] = OLD + 1; PC = OPERATION
#endif
	:: PC == OPERATION + 0 -> X = reg[cpu]; PC++		/* mrs	x, tpidr_el1 */
	:: PC == OPERATION + 1 ->				/* ldxr	old, [x] */
		OLD = memory[AREA_OF(X)]; monitor[cpu] = true; PC++
	:: PC == OPERATION + 2 -> store_exclusive()		/* stxr; cbnz */
#ifdef COUNT_PER_CPU
	:: PC == ENABLE + 0 -> X = reg[cpu]; PC++		/* percpu_raw_add(depth, -1) */
	:: PC == ENABLE + 1 -> OLD = count[AREA_OF(X)]; PC++
	:: PC == ENABLE + 2 -> count[AREA_OF(X)] = OLD - 1; PC = DONE
#else
	:: PC == ENABLE + 0 -> OLD = count[thread]; PC++
	:: PC == ENABLE + 1 -> count[thread] = OLD - 1; PC = DONE
#endif
	:: PC == DONE -> done()
	:: PC == SCHEDULE -> PC = RETURN			/* goes on with this thread */
	:: PC == RETURN -> return_from_trap()
	fi
}

#define RUNS (thread != NONE)
#define HAS_ROOM (depth[thread] + 1 < LEVELS)
#ifdef IGNORE_COUNT
#define PREEMPTIBLE true
#else
#define PREEMPTIBLE (COUNT == 0)
#endif
#ifdef NMI_SCHEDULES
#define MAY_SCHEDULE true
#else
#define MAY_SCHEDULE (!in_nmi[thread])
#endif

proctype Cpu(byte cpu)
{
	byte thread = NONE;

	do
	:: d_step { RUNS -> step() }
	:: d_step { RUNS && interrupts > 0 && HAS_ROOM && !in_nmi[thread] && !masked[TOP] ->
		interrupts--; trap(INTERRUPT) }
	:: d_step { RUNS && nmis > 0 && HAS_ROOM && !in_nmi[thread] -> nmis--; trap(NMI) }
	/* The scheduler leaves the thread, with its whole stack, to any CPU. */
	:: d_step { RUNS && pc[TOP] == SCHEDULE && MAY_SCHEDULE && PREEMPTIBLE ->
		pc[TOP] = RETURN; MAKE_READY(thread); thread = NONE }
	:: d_step { !RUNS && IS_READY(0) -> TAKE(0); thread = 0 }
	:: d_step { !RUNS && IS_READY(1) -> TAKE(1); thread = 1 }
	:: finished == THREADS -> break
	od
}

init
{
	atomic {
		reg[0] = BASE_OF(0); reg[1] = BASE_OF(1);
		pc[0] = START; pc[LEVELS] = START;
		MAKE_READY(0); MAKE_READY(1);
		run Cpu(0);
		run Cpu(1)
	}
}

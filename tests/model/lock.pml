/* SPDX-License-Identifier: MIT */
/*
 * The library's lock, lib/lock.c, the allocator's above all: interrupts off, one try, on again
 * between tries; the lock says which CPU holds it, and who finds its own CPU there has interrupted the
 * holder and gets PERCPU_EBUSY, which only an NMI can. The map of blocks is loaded and stored under
 * the lock, in weak.pml's memory.
 *
 * On each CPU a thread allocates a block and frees it, and so do an interrupt handler and an NMI
 * handler, which come at any moment. A context is a program counter and registers; a CPU has a
 * stack of three. To wait is to wait until the lock is free: a run in which all wait for ever is a
 * deadlock, which spin reports as an invalid end state. Fairness is not looked at, nor how a place
 * is found in the map: lib/set.c.
 *
 * With TWO_LOCKS there is a depot's lock beside it, lib/cache.c, which CPU 1's thread takes, and
 * NMIs take the one or the other. Who waits for the depot gives it up.
 *
 * The controls:
 *
 *	INTERRUPTS_STAY_ON	while the lock is held
 *	OFF_BETWEEN		interrupts stay off between two tries
 *	SPINS			nobody looks at which CPU holds the lock
 *	HOLDER_LATER		the holder says who it is after it has taken the lock
 *	TWO_STEPS		the lock is seen free, and taken later
 *	PLAIN_UNLOCK		the lock is let go without release
 *	PLAIN_LOCK		and taken without acquire
 *	DEPOT_SPINS		the depot is not given up either
 */
#ifndef CPUS
#define CPUS 2
#endif
#ifndef INTERRUPTS
#define INTERRUPTS 1
#endif
#ifndef NMIS
#define NMIS 1
#endif
#define LEVELS 3
#define CONTEXTS (CPUS * LEVELS)
#define RUNS (CPUS + INTERRUPTS + NMIS)	/* of a context: a block each */

#define ALLOCATOR 0		/* a lock: 0, or 1 and the holder's number */
#define MAP 1			/* of the blocks in use, which is the allocator's */
#ifdef TWO_LOCKS
#define LOCK wanted[TOP]
#define DEPOT 2
#define LOCATIONS 3
#else
#define LOCK ALLOCATOR
#define LOCATIONS 2
#endif
#define TIMES (4 * RUNS + 1)	/* of LOCK: taken and let go, to allocate and to free */

#include "weak.pml"

#define BLOCKS 2		/* fewer than may be asked for at a time */
#define ALL ((1 << BLOCKS) - 1)

/* Where a context is. */
#define START		0
#define TRY		1
#define TAKE		2
#define WHOSE		3
#define AGAIN		4
#define WAIT		5
#define LOOK		6
#define CHANGE		7
#define LET_GO		8
#define RESTORE		9
#define DONE		10

byte pc[CONTEXTS], found[CONTEXTS], block[CONTEXTS];
byte wanted[CONTEXTS];		/* the lock, if there are two */
bool masked[CONTEXTS];		/* interrupts, as a trap saves it */
bool before[CONTEXTS], in_nmi[CPUS];
byte level[CPUS];		/* of the context that runs */
byte live;			/* blocks that somebody has */
byte holder[CPUS];		/* in the control HOLDER_LATER */
byte interrupts = INTERRUPTS, nmis = NMIS;

bool overlap, lost, busy_and_no_nmi, off_while_waiting;
#define MUST_NOT(what, condition) what = condition; assert(!what)

byte top;			/* the context, within a step */
#define TOP	(cpu * LEVELS + level[cpu])
#define PC	pc[top]
#define NEWEST	stored[LOCK * TIMES + last[LOCK]]

#ifdef SPINS
#define IS_MINE false
#elif defined(HOLDER_LATER)
#define IS_MINE holder[cpu]
#else
#define IS_MINE (found[top] == 1 + cpu)
#endif

inline trap(is_nmi)
{
	level[cpu]++;
	top = TOP;
	PC = START;
	masked[top] = true;
	in_nmi[cpu] = is_nmi;
	top = 0
}

inline return_from_trap()
{
	level[cpu]--;
	in_nmi[cpu] = false;		/* nothing interrupts an NMI */
	found[top] = 0; before[top] = false; masked[top] = false; PC = START; wanted[top] = 0
}

inline take()
{
#ifdef PLAIN_LOCK
	store(LOCK, 1 + cpu);
#else
	acquire(LOCK);
	store_release(LOCK, 1 + cpu);
#endif
	PC = (LOCK == ALLOCATOR -> LOOK : LET_GO)
}

/* One try, by compare-and-swap, which sees the newest. */
inline try()
{
	SEEN(LOCK) = last[LOCK];
	if
	:: NEWEST -> PC = WHOSE
	:: else ->
#ifdef TWO_STEPS
		PC = TAKE
#else
		take();
#ifdef HOLDER_LATER
		PC = TAKE
#endif
#endif
	fi
}

/* The first block that is free, or none: PERCPU_ENOMEM; or gives back the block. */
inline change()
{
	if
	:: block[top] ->
		live = live & ~block[top];
		store(MAP, found[top] & ~block[top]);
		block[top] = 0
	:: !block[top] && found[top] != ALL ->
		block[top] = (found[top] & 1 -> 2 : 1);
		MUST_NOT(overlap, live & block[top]);
		live = live | block[top];
		store(MAP, found[top] | block[top])
	:: else
	fi;
	MUST_NOT(lost, stored[MAP * TIMES + last[MAP]] != live);
	found[top] = 0
}

/* Another load says who has the lock, or had it. */
inline is_mine()
{
	load(found[top], LOCK);
	if
	:: IS_MINE ->
		MUST_NOT(busy_and_no_nmi, !in_nmi[cpu]);
		PC = RESTORE			/* PERCPU_EBUSY */
	:: else -> PC = AGAIN
	fi;
	found[top] = 0
}

/* What can only go on in one way. */
inline step()
{
	top = TOP;
	if
	:: PC == START ->
		before[top] = masked[top];
#ifndef INTERRUPTS_STAY_ON
		masked[top] = true;
#endif
		PC = TRY
	:: PC == TRY -> try()
	:: PC == TAKE ->
#ifdef HOLDER_LATER
		holder[cpu] = true; PC = LOOK
#else
		take()
#endif
	:: PC == AGAIN ->
#ifndef OFF_BETWEEN
		masked[top] = before[top];
#endif
		PC = WAIT
	:: PC == WAIT && NEWEST == 0 ->
		MUST_NOT(off_while_waiting, level[cpu] == 0 && masked[top]);
		PC = START
	:: PC == CHANGE -> change(); PC = LET_GO
	:: PC == LET_GO ->
		holder[cpu] = false;
#ifdef PLAIN_UNLOCK
		store(LOCK, 0);
#else
		store_release(LOCK, 0);		/* its partner is the acquire in take() */
#endif
		PC = RESTORE
	:: PC == RESTORE -> masked[top] = before[top]; PC = (block[top] -> START : DONE)
	:: PC == DONE && level[cpu] > 0 -> return_from_trap()
	fi
}

#define STEPS (pc[TOP] != LOOK && pc[TOP] != WHOSE && (pc[TOP] != WAIT || NEWEST == 0) && \
	       (pc[TOP] != DONE || level[cpu] > 0))
#define HAS_ROOM (level[cpu] + 1 < LEVELS && !in_nmi[cpu] && !IDLE)
#define IDLE (level[cpu] == 0 && pc[TOP] == DONE)

proctype Cpu(byte cpu)
{
	do
	:: d_step { STEPS -> step(); top = 0 }
	:: atomic { pc[TOP] == LOOK -> load(found[TOP], MAP); pc[TOP] = CHANGE }
	:: atomic { pc[TOP] == WHOSE -> top = TOP; is_mine(); top = 0 }
	:: d_step { interrupts > 0 && HAS_ROOM && !masked[TOP] -> interrupts--; trap(false) }
	:: d_step { nmis > 0 && HAS_ROOM -> nmis--; trap(true) }
#ifdef TWO_LOCKS
	:: d_step { nmis > 0 && HAS_ROOM -> nmis--; trap(true); wanted[TOP] = DEPOT }
#ifndef DEPOT_SPINS
	:: d_step { pc[TOP] == WAIT && LOCK == DEPOT -> pc[TOP] = RESTORE }
#endif
#endif
	:: IDLE -> break
	od
}

init
{
	atomic {
#ifdef TWO_LOCKS
		wanted[LEVELS] = DEPOT;		/* of CPU 1's thread */
#endif
		run Cpu(0);
		run Cpu(1);
#if CPUS > 2
		run Cpu(2)
#endif
	}
}

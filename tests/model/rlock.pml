/* SPDX-License-Identifier: MIT */
/*
 * percpu_rlock, include/percpu/rlock.h and lib/rlock.c: readers write nothing shared. A reader
 * counts in its CPU's copy that it has entered, has a fence, and looks for a writer; if there is
 * one it counts that it has left, and waits. Who leaves counts it on the CPU that it then runs on.
 * The writer says that it is there, has a fence, and waits until as many have left as have entered:
 * it sums the former first. Memory is weak.pml's.
 *
 * Two reader threads run on two CPUs, each on any, and are moved at any moment. The writer is on a
 * third CPU. An addition to the CPU's own copy is one step: see restart.pml. Two writers, which a
 * compare-and-swap keeps apart, are not looked at, nor is fairness.
 *
 * The controls:
 *
 *	ONE_COUNT		as if a copy had one number, which goes up and down
 *	ENTERED_FIRST		who has entered is summed first
 *	NO_READER_FENCE, NO_WRITER_FENCE
 *	PLAIN_LEAVE		a reader leaves without release
 *	PLAIN_SUM		no acquire fence between the two sums
 *	PLAIN_CHECK		a reader looks for a writer without acquire
 *	PLAIN_CLEAR		the writer goes without release
 */
#define CPUS 3
#define READERS 2
#ifndef WRITES
#define WRITES 1
#endif
#ifndef MOVES
#define MOVES 2			/* of threads, in all */
#endif
#define ENTERED	0		/* on CPU 0, and behind it on CPU 1 */
#define LEFT	2
#define WRITER	4		/* whether there is one */
#define DATA	5		/* the writer writes it */
#define MARK	6		/* readers within count themselves there */
#define LOCATIONS 7
#define TIMES (READERS * (WRITES + 1) + 1)	/* of ENTERED */

#include "weak.pml"

byte within, marks, moves = MOVES;
bool writing, both_within, stale, not_seen;
#define MUST_NOT(what, condition) what = condition; assert(!what)
#ifdef ONLY_BOTH		/* for controls in which it comes to that as well */
#define MUST_NOT_EITHER(what, condition)
#else
#define MUST_NOT_EITHER(what, condition) MUST_NOT(what, condition);
#endif

#ifdef PLAIN_LEAVE
#define STORE_LEFT(value) store(LEFT + cpu, value)
#else
#define STORE_LEFT(value) store_release(LEFT + cpu, value)	/* partner: the fence in the sum */
#endif
#ifdef PLAIN_CHECK
#define LOAD_WRITER(to) load(to, WRITER)
#else
#define LOAD_WRITER(to) load_acquire(to, WRITER)
#endif
#ifdef PLAIN_CLEAR
#define CLEAR_WRITER() store(WRITER, 0)
#else
#define CLEAR_WRITER() store_release(WRITER, 0)		/* partner: LOAD_WRITER's acquire */
#endif

#define NEWEST(at) stored[(at) * TIMES + last[at]]

/* The scheduler's lock takes along what the thread has seen. */
inline may_be_moved()
{
	if
	:: skip
	:: d_step { moves > 0 ->
		moves--;
		for (other : 0 .. LOCATIONS - 1) {
			if
			:: SEEN(other) > seen[(1 - cpu) * LOCATIONS + other] ->
				seen[(1 - cpu) * LOCATIONS + other] = SEEN(other)
			:: else
			fi
		}
		other = 0;
		cpu = 1 - cpu }
	fi
}

inline enter()
{
	do
	:: may_be_moved();
		d_step { store(ENTERED + cpu, NEWEST(ENTERED + cpu) + 1) };
		may_be_moved();
#ifndef NO_READER_FENCE
		d_step { fence() };
#endif
		atomic { LOAD_WRITER(value) };
		if
		:: !value -> break
		:: else
		fi;
		may_be_moved();
		d_step { STORE_LEFT(NEWEST(LEFT + cpu) + 1); value = 0 };
		d_step { !NEWEST(WRITER) -> SEEN(WRITER) = last[WRITER] }
	od
}

proctype Reader(byte cpu)
{
	byte value;

	enter();
	atomic { within++; MUST_NOT(both_within, writing) };
	atomic { load(value, DATA); MUST_NOT_EITHER(stale, value != NEWEST(DATA)) value = 0 };
	d_step { marks++; store(MARK, marks) };
	may_be_moved();
	d_step { within--; STORE_LEFT(NEWEST(LEFT + cpu) + 1) }
}

/* The loads of both CPUs' counts, in any order. */
inline sum(to, at)
{
	if
	:: atomic { load(one, at); to = to + one }; atomic { load(one, at + 1); to = to + one }
	:: atomic { load(one, at + 1); to = to + one }; atomic { load(one, at); to = to + one }
	fi;
	one = 0
}

/* Of both counts of who has left. */
inline acquire_fence()
{
#ifndef PLAIN_SUM
	d_step {
		one = SEEN(LEFT + 1);
		acquire(LEFT);
		for (other : 0 .. LOCATIONS - 1) {
			if
			:: brings[((LEFT + 1) * TIMES + one) * LOCATIONS + other] > SEEN(other) ->
				SEEN(other) = brings[((LEFT + 1) * TIMES + one) * LOCATIONS + other]
			:: else
			fi
		}
		other = 0; one = 0
	}
#else
	skip
#endif
}

inline look_for_readers()
{
	entered = 0; left = 0;
#ifdef ONE_COUNT
	d_step { entered = NEWEST(ENTERED); left = NEWEST(LEFT) };
	d_step { entered = entered + NEWEST(ENTERED + 1); left = left + NEWEST(LEFT + 1) }
#elif defined(ENTERED_FIRST)
	sum(entered, ENTERED);
	acquire_fence();
	sum(left, LEFT)
#else
	sum(left, LEFT);
	acquire_fence();
	sum(entered, ENTERED)
#endif
}

proctype Writer(byte cpu)
{
	byte entered, left, one, written;

	do
	:: written < WRITES ->
		written++;
		d_step { store(WRITER, 1) };
#ifndef NO_WRITER_FENCE
		d_step { fence() };
#endif
		do
		:: look_for_readers();
			if
			:: left == entered -> break
			:: else
			fi
		od;
		atomic { writing = true; MUST_NOT(both_within, within); entered = 0; left = 0 };
		atomic { load(one, MARK); MUST_NOT_EITHER(not_seen, one != marks) one = 0 };
		d_step { store(DATA, written) };
		d_step { writing = false; CLEAR_WRITER() }
	:: else -> break
	od
}

init
{
	atomic { run Reader(0); run Reader(1); run Writer(2) }
}

/* SPDX-License-Identifier: MIT */
/*
 * percpu_ref, include/percpu/ref.h and lib/ref.c: references that are counted in the CPU's copy
 * while the object lives, and in one shared word from percpu_ref_kill on. percpu_ref_killed, a
 * grace period later, adds the copies' sum to that word, and takes a bias away that has kept it
 * from being 0. Memory is weak.pml's.
 *
 * Two threads on two CPUs, each on any, take a reference by percpu_ref_try_get, use the object and
 * put it; one may take another between, by percpu_ref_get. They are moved outside calls. A call is
 * a look at the state and an addition, each a step. A third CPU kills the object. A CPU answers for
 * the grace period where nobody on it is within a call: when it is asked, which it sees by an
 * acquire; or, UNASKED, it counts whenever it is there, as a scheduler does its switches, and the
 * killer waits until the count is another than it was. Both have a full fence then: the CPU behind
 * its count, the killer in percpu_ref_kill. What runs on one CPU may come within another's call
 * there, as handlers do. The memory of the percpu_ref itself stays: how one finds the object is not
 * looked at.
 *
 * The controls:
 *
 *	NO_GRACE	between the two calls
 *	NO_BIAS
 *	ANSWERS_IN_CALL	a handler answers, whatever it has interrupted
 *	PLAIN_ANSWER	the answer is without release
 *	PLAIN_PUT	a put in the shared word is without release
 *	NO_FENCE	behind a count
 *	FENCE_LATE	a handler may come between a count and its fence
 *	NO_KILL_FENCE
 */
#define CPUS 3
#ifndef MOVES
#define MOVES 1			/* of threads, in all */
#endif
#ifndef MORE
#define MORE 0			/* references that a thread takes of its own */
#endif
#define STATE	0		/* LIVE, or killed */
#define COUNT	1		/* on CPU 0, and behind it on CPU 1 */
#define SHARED	3
#define OBJECT	4		/* how often it was used */
#define QUESTION 5
#define ANSWER	6		/* of CPU 0, and of CPU 1 */
#define LOCATIONS 8
#define TIMES 8			/* of SHARED: three puts, a get, what percpu_ref_killed adds, 0 */

#include "weak.pml"

#define LIVE 0
#define KILLED 1
#ifdef NO_BIAS
#define BIAS 0
#else
#define BIAS 100
#endif

byte holders = 1, used, ended, moves = MOVES, more = MORE, in_call[CPUS];
bool freed, freed_early, freed_twice, not_seen, never_freed;
#define MUST_NOT(what, condition) what = condition; assert(!what)

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

/* _percpu_add_shared: by compare-and-swap; and the release function, if that makes it 0. */
inline add_shared(amount)
{
	load_newest(value, SHARED);
	value = value + amount;
#ifdef PLAIN_PUT
	store(SHARED, value);
#else
	store_release(SHARED, value);
#endif
	is_last = value == 0;
	value = 0
}

inline release()
{
	if
	:: is_last ->
		MUST_NOT(freed_early, holders > 0);
		MUST_NOT(freed_twice, freed);
		freed = true;
		load(value, OBJECT);
		MUST_NOT(not_seen, value != used);
		is_last = false; value = 0
	:: else
	fi
}

inline count(by)
{
	atomic { in_call[cpu]++; load(value, STATE); lives = value == LIVE; value = 0 };
	d_step {
		if
		:: lives -> store(COUNT + cpu, NEWEST(COUNT + cpu) + by)
		:: else
		fi;
		in_call[cpu]-- }
}

inline put()
{
	count(255);
	atomic {
		if
		:: lives
		:: else -> add_shared(255); release()
		fi;
		lives = false }
}

inline get()
{
	count(1);
	atomic {
		if
		:: lives
		:: else -> add_shared(1); assert(!is_last)
		fi;
		lives = false; holders++ }
}

inline has_ended()
{
	atomic {
		ended++;
		if
		:: ended == 3 -> MUST_NOT(never_freed, !freed)
		:: else
		fi }
}

proctype User(byte cpu)
{
	byte value;
	bool lives, is_last;

	count(1);			/* percpu_ref_try_get */
	if
	:: d_step { lives -> holders++; used++; store(OBJECT, used) };
		if
		:: d_step { more > 0 -> more-- };
			get();
			atomic { may_be_moved(); holders-- };
			put()
		:: skip
		fi;
		atomic { may_be_moved(); holders-- };
		put()
	:: else
	fi;
	has_ended()
}

#ifdef ANSWERS_IN_CALL
#define IS_OUTSIDE true
#else
#define IS_OUTSIDE (in_call[cpu] == 0)
#endif

#ifdef PLAIN_ANSWER
#define STORE_ANSWER(value) store(ANSWER + cpu, value)
#else
#define STORE_ANSWER(value) store_release(ANSWER + cpu, value)
#endif

#ifdef UNASKED
bool looked[2];			/* the killer, for the first time; the model's own */

inline pass()
{
	atomic { IS_OUTSIDE ->
		STORE_ANSWER(NEWEST(ANSWER + cpu) + 1);
#if !defined NO_FENCE && !defined FENCE_LATE
		fence()
#endif
	};
#ifdef FENCE_LATE
	d_step { fence() }
#endif
}

/* Once at any time, and once more, or the killer might wait for ever. */
proctype Answer(byte cpu)
{
	pass();
	looked[cpu];
	pass()
}

/* The count, which is also the time of its store, and then a later one. */
inline wait_for(which)
{
	atomic { load(before, ANSWER + which); looked[which] = true };
	atomic { last[ANSWER + which] > before ->
		SEEN(ANSWER + which)++;
		load_acquire(before, ANSWER + which); before = 0 }
}
#else
proctype Answer(byte cpu)
{
	byte asked;

	atomic { last[QUESTION] > 0 && IS_OUTSIDE ->
		load_newest(asked, QUESTION);
		STORE_ANSWER(1) }
}
#endif

proctype Killer(byte cpu)
{
	byte value, sum, before;
	bool is_last;

	d_step { store(STATE, KILLED) };
#ifndef NO_KILL_FENCE
	d_step { fence() };
#endif
#ifdef UNASKED
	wait_for(0);
	wait_for(1);
#else
	d_step { store_release(QUESTION, 1) };
#ifndef NO_GRACE
	d_step { last[ANSWER] > 0 -> load_newest(value, ANSWER) };
	d_step { last[ANSWER + 1] > 0 -> load_newest(value, ANSWER + 1) };
#endif
#endif
	atomic {
		load(sum, COUNT);
		load(value, COUNT + 1);
		sum = sum + value;
		holders--; add_shared(sum - BIAS - 1); sum = 0; release() };
	has_ended()
}

init
{
	atomic {
		stored[SHARED * TIMES] = BIAS + 1;
		run User(0); run User(1);
		run Answer(0); run Answer(1);
		run Killer(2)
	}
}

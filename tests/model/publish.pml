/* SPDX-License-Identifier: MIT */
/*
 * A dynamic variable's life: percpu_alloc makes every CPU's copy 0, its handle is stored with
 * release, other CPUs load it with acquire and use their copies, it is withdrawn, percpu_free, and
 * the next percpu_alloc gives its place to another variable. This is lib/dynamic.c and what
 * docs/model.md asks of its user; the allocator itself is in lock.pml. Memory is weak.pml's.
 *
 * CPU 0 allocates and frees. CPU 1 adds to its copy USES times, and an interrupt handler on it
 * does so at any moment. CPU 0 frees once CPU 1 has answered that it has passed a point at which
 * it held no handle since the handle was withdrawn: its thread does, no handler being under way.
 * An addition is one step: what may come in between is restart.pml's.
 *
 * That the load has to have acquire is what C asks. Each of the three architectures keeps the order
 * of a load and of one whose address depends on it; a compiler may not.
 *
 * The controls:
 *
 *	PLAIN_PUBLISH	the handle is stored without release
 *	PLAIN_READ	and loaded without acquire
 *	ZERO_LATE	and stored before the copies are 0
 *	FREE_AT_ONCE	no answer is waited for
 *	PLAIN_ANSWER	CPU 1 sees the question without acquire
 *	HANDLER_ANSWERS	whatever it has interrupted
 */
#define USES 3
#define INTERRUPTS 3
#define CPUS 2
#define HANDLE 0
#define COPY 1			/* of CPU 1: what lies at the variable's place in its area */
#define QUESTION 2		/* has CPU 1 passed ... ? */
#define ANSWER 3
#define LOCATIONS 4
#define TIMES (USES + INTERRUPTS + 4)	/* of COPY: garbage, 0, additions, 0, another's value */

#include "weak.pml"

#define GARBAGE 100		/* what was there before */
#define ANOTHERS 200		/* what another variable then has there */

byte interrupts = INTERRUPTS, added;
bool garbage, used_after_free, lost;
#define MUST_NOT(what, condition) what = condition; assert(!what)

#ifdef PLAIN_PUBLISH
#define STORE_HANDLE(value) store(HANDLE, value)
#else
#define STORE_HANDLE(value) store_release(HANDLE, value)
#endif
#ifdef PLAIN_READ
#define LOAD_HANDLE(to) load(to, HANDLE)
#else
#define LOAD_HANDLE(to) load_acquire(to, HANDLE)
#endif
#ifdef PLAIN_ANSWER
#define LOAD_QUESTION(to) load(to, QUESTION)
#else
#define LOAD_QUESTION(to) load_acquire(to, QUESTION)
#endif

/* percpu_add(percpu_at(h), 1), or nothing if there is no handle. */
inline use(h)
{
	if
	:: h ->	atomic {
		load(value, COPY);
		MUST_NOT(garbage, value == GARBAGE);
		MUST_NOT(used_after_free, value >= ANOTHERS || freed);
		MUST_NOT(lost, value != added);
		added++;
		store(COPY, added);
		value = 0; h = 0 }
	:: else
	fi
}

bool freed;			/* for the assertion only: the other variable is there */

inline answer()
{
	if
	:: asked -> maybe_interrupt(); d_step { store_release(ANSWER, 1); asked = 0; answered = 1 }
	:: else
	fi
}

inline maybe_interrupt()
{
	if
	:: interrupts > 0 ->
		interrupts--;
		atomic { LOAD_HANDLE(of_handler) };
		use(of_handler);
#ifdef HANDLER_ANSWERS
		atomic { load_acquire(asked_handler, QUESTION) };
		if
		:: asked_handler -> d_step { store_release(ANSWER, 1); asked_handler = 0 }
		:: else
		fi
#endif
	:: skip
	fi
}

proctype User(byte cpu)
{
	byte of_thread, of_handler, value, asked, asked_handler, answered, uses;

	do
	:: uses < USES ->
		uses++;
		atomic { LOAD_HANDLE(of_thread) };
		maybe_interrupt();
		use(of_thread);
		atomic { LOAD_QUESTION(asked) };
		answer()
	:: else -> break
	od;
	/* It answers until it has seen the question. */
	if
	:: answered
	:: !answered -> last[QUESTION] > 0; d_step { load_newest(asked, QUESTION) }; answer()
	fi
}

inline zero()
{
	d_step { store(COPY, 0); added = 0 }
}

proctype Owner(byte cpu)
{
	byte answered;

#ifdef ZERO_LATE
	d_step { STORE_HANDLE(1) };
	zero();
#else
	zero();
	d_step { STORE_HANDLE(1) };
#endif
	d_step { store(HANDLE, 0) };
	d_step { store_release(QUESTION, 1) };
#ifndef FREE_AT_ONCE
	d_step { last[ANSWER] > 0 -> load_newest(answered, ANSWER) };
#endif
	d_step { store(COPY, 0); freed = true };
	d_step { store(COPY, ANOTHERS) };
	atomic { load(answered, COPY); assert(answered == ANOTHERS) }
}

init
{
	atomic {
		stored[COPY * TIMES] = GARBAGE;
		run Owner(0);
		run User(1)
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * percpu_record, include/percpu/record.h and lib/record.c: a state word counts the writes under way
 * on its CPU, nested in each other by interrupts, and above them those that have ended. A reader on
 * another CPU loads the state, two words, and the state again. Memory is weak.pml's.
 *
 * A thread writes, and an interrupt may come at any moment of it, and at any of a handler's, whose
 * handler writes as well. An addition to a word of the CPU's own is one step. Each write adds 1 to
 * both words: between two writes they are as many as have ended. A reader of the writer's own CPU
 * is not looked at: it sees less of what is here, all of it in order. Nor is a full state word.
 *
 * The controls:
 *
 *	ODD_OR_EVEN	as if a write were under way while the state is odd
 *	PLAIN_BEGIN	no release fence before the words
 *	PLAIN_END	nor behind them
 *	PLAIN_LOAD	the state is loaded without acquire
 *	PLAIN_AGAIN	no acquire fence behind the words
 */
#define CPUS 2
#ifndef INTERRUPTS
#define INTERRUPTS 2
#endif
#define READS 2			/* the second sees what the first has seen */
#define STATE 0
#define FIRST 1
#define SECOND 2
#define LOCATIONS 3
#define TIMES (2 * (1 + INTERRUPTS) + 1)	/* of STATE: a write begins and ends */

#include "weak.pml"

#ifdef ODD_OR_EVEN
#define DEPTH 1
#else
#define DEPTH 3			/* of the state's bits; above them are the writes that have ended */
#endif
#define ENDED 4
#define NEWEST(at) stored[(at) * TIMES + last[at]]

byte behind[LOCATIONS];		/* what the writer had seen at its last release fence */
byte interrupts = INTERRUPTS;
bool mixed;
#define MUST_NOT(what, condition) what = condition; assert(!what)

inline release_fence()
{
	for (other : 0 .. LOCATIONS - 1) {
		behind[other] = SEEN(other)
	}
	other = 0
}

/* A relaxed addition to what only this CPU writes. */
inline add(at, amount)
{
	store(at, NEWEST(at) + amount);
	for (other : 0 .. LOCATIONS - 1) {
		BROUGHT(at) = behind[other]
	}
	other = 0
}

inline begin()
{
	d_step {
		add(STATE, 1);
#ifndef PLAIN_BEGIN
		release_fence()		/* partner: the acquire fence of the reader */
#endif
	}
}

inline end()
{
	d_step {
#ifndef PLAIN_END
		release_fence();	/* partner: the acquire load of the reader */
#endif
		add(STATE, ENDED - 1)
	}
}

#define WRITE(interrupt)			\
	begin();				\
	interrupt;				\
	d_step { add(FIRST, 1) };		\
	interrupt;				\
	d_step { add(SECOND, 1) };		\
	interrupt;				\
	end()

inline innermost()
{
	if
	:: skip
	:: atomic { interrupts > 0 -> interrupts-- }; WRITE(skip)
	fi
}

inline interrupt()
{
	if
	:: skip
	:: atomic { interrupts > 0 -> interrupts-- }; WRITE(innermost())
	fi
}

proctype Writer(byte cpu)
{
	WRITE(interrupt())
}

inline acquire_fence()
{
#ifndef PLAIN_AGAIN
	d_step {
		value = SEEN(SECOND);
		acquire(FIRST);
		for (other : 0 .. LOCATIONS - 1) {
			if
			:: brings[(SECOND * TIMES + value) * LOCATIONS + other] > SEEN(other) ->
				SEEN(other) = brings[(SECOND * TIMES + value) * LOCATIONS + other]
			:: else
			fi
		}
		other = 0; value = 0
	}
#else
	skip
#endif
}

inline load_state(to)
{
#ifdef PLAIN_LOAD
	load(to, STATE)
#else
	load_acquire(to, STATE)
#endif
}

proctype Reader(byte cpu)
{
	byte state, first, second, value, reads;

	do
	:: reads < READS ->
		reads++;
		atomic { load_state(state) };
		if
		:: (state & DEPTH) == 0 ->
			atomic { load(first, FIRST) };
			atomic { load(second, SECOND) };
			acquire_fence();
			atomic {
				load(value, STATE);
				MUST_NOT(mixed, value == state &&
					 (first != state / ENDED || second != state / ENDED));
				value = 0; first = 0; second = 0
			}
		:: else
		fi;
		state = 0
	:: else -> break
	od
}

init
{
	atomic { run Writer(0); run Reader(1) }
}

/* SPDX-License-Identifier: MIT */
/*
 * percpu_counter, include/percpu/counter.h and lib/counter.c: each CPU's count only grows by what
 * is added there. The add by which it crosses lines of a grid owes the shared total what lies
 * between them, and gathers that in a second word of its CPU until it is more than one step.
 *
 * Two threads on two CPUs add, each on any: they are moved between any two operations. A third, on
 * CPU 0, stands for interrupt handlers, which come between any two operations of a thread as well.
 * An operation on the CPU's own words is one step, as is an addition to the total. So is each load
 * of the sum, which with SUM is made meanwhile, of what only grows. Memory is in program order:
 * what is to be in the sum is what happened before, and that is for the caller to order. Numbers do
 * not wrap here.
 *
 * The controls:
 *
 *	TWO_STEPS	what is owed is looked at, and written later
 *	LATE_BEFORE	the count before an add is read before it
 *	KEEPS_MORE	a CPU may owe two steps
 *	FLUSH		another design: the count is moved to the total, by an exchange and an
 *			addition, and the sum is of the counts and the total
 */
#define CPUS 2
#define STEP 2			/* of the grid: half a batch */
#ifndef ADDS
#define ADDS 4			/* in all */
#endif
#ifndef MOVES
#define MOVES 2
#endif

short count[CPUS], owed[CPUS], total;
short begun, done;		/* the sum of what was added, and by adds that are over */
byte adds = ADDS, moves = MOVES, under_way;

bool total_is_wrong, too_far, sum_is_wrong;
#define MUST_NOT(what, condition) what = condition; assert(!what)

/* The line of the grid at a count or below it; counts are never below -16 here. */
#define LINE(of) (((of) + 8 * STEP) / STEP * STEP - 8 * STEP)
#ifdef KEEPS_MORE
#define KEPT (2 * STEP)
#else
#define KEPT STEP
#endif
#define WAITS(what) ((what) >= -KEPT && (what) <= KEPT)

/* What the header says of the total, while no add is under way. */
inline look()
{
	if
	:: under_way == 0 ->
		MUST_NOT(total_is_wrong,
			 total + owed[0] + owed[1] != LINE(count[0]) + LINE(count[1]));
		MUST_NOT(too_far, done - total > CPUS * 2 * STEP || total - done > CPUS * 2 * STEP)
	:: else
	fi
}

inline choose_amount()
{
	if
	:: amount = 1
	:: amount = 3
#ifndef SUM
	:: amount = 2
	:: amount = -2
#endif
	fi
}

inline may_be_moved()
{
	if
	:: may_move && moves > 0 -> moves--; cpu = 1 - cpu
	:: skip
	fi
}

/* percpu_add_return, which says what the count was before as well. */
inline add_to_count()
{
	atomic { adds > 0 ->
		may_be_moved();
		adds--;
		under_way++;
		choose_amount();
		begun = begun + amount;
#ifdef LATE_BEFORE
		before = count[cpu]
	};
	atomic {
#else
		before = count[cpu];
#endif
		count[cpu] = count[cpu] + amount;
		after = before + amount;
		more = LINE(after) - LINE(before);
		before = 0; after = 0 }
}

/* _percpu_counter_cross */
inline cross()
{
	do
	:: atomic { may_be_moved(); was = owed[cpu] };
		atomic {
			may_be_moved();
			if
#ifdef TWO_STEPS
			:: true ->
#else
			:: owed[cpu] == was ->
#endif
				owed[cpu] = (WAITS(was + more) -> was + more : 0);
				break
			:: else
			fi }
	od;
	if
	:: WAITS(was + more)
	:: else -> total = total + was + more
	fi
}

inline flush()
{
	d_step { was = count[cpu]; count[cpu] = 0 };
	total = total + was
}

proctype Adder(byte cpu; bool may_move)
{
	short amount, before, after, more, was;

	do
	:: add_to_count();
		if
		:: more == 0
#ifdef FLUSH
		:: more -> flush()
#else
		:: more -> cross()
#endif
		fi;
		atomic {
			done = done + amount;
			amount = 0; more = 0; was = 0;
			under_way--;
#ifndef FLUSH
			look()
#endif
		}
	:: atomic { adds == 0 -> break }
	od
}

/* Has each add that was over when it began, once, and of the others any. */
proctype Sum()
{
	short least = 0, sum = 0;

	atomic { least = done;
#ifdef FLUSH
	sum = total };
	atomic {
#endif
	sum = sum + count[0] };
	atomic {
		sum = sum + count[1];
		MUST_NOT(sum_is_wrong, sum < least || sum > begun) }
}

init
{
	atomic {
		run Adder(0, true);
		run Adder(1, true);
		run Adder(0, false);
#ifdef SUM
		run Sum()
#endif
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * CPUs that come and go: percpu_cpu_up, percpu_cpu_down and percpu_cpu_dead, lib/hotplug.c.
 *
 * There are two areas. Number 0 is the controller's, which is always up. It starts one of two other
 * CPUs as number 1, has it add for a while, asks it to stop, waits until firmware says that it has,
 * says so to the library, and starts one again. The first of the two may also come up by itself, on
 * a stack of its own, and take number 1 for its own. An area has one word: the state, and BUSY
 * while constructors run. A constructor may fail. An interrupt handler on CPU 1 uses what
 * constructors have made, and adds; an NMI handler adds. Who reads UP, under a lock that the
 * constructors take as well, finds what they have made.
 *
 * Everything a CPU does is one step, but an addition, which is a load and a store: two CPUs in one
 * area would lose some. Memory is in program order: each change of the word is a compare-and-swap
 * or has release, and each look at it acquire, so what a CPU left in its area goes from one to the
 * next with it. Nothing here looks at how a CPU is started and stopped, or at what a constructor
 * does, or at a CPU that dies by itself.
 *
 * The controls:
 *
 *	ZERO_AT_UP		the area is made anew when its CPU comes up
 *	NOT_ASKED		percpu_cpu_dead without firmware's word that the CPU has stopped
 *	ASKED_BEFORE		firmware's word is from before another has started the CPU anew
 *	FAILED_IS_STOPPED	where percpu_cpu_up failed, firmware is not asked either
 *	NO_LOCK			the state is looked at, and changed later
 *	UP_FIRST		the state is UP before the constructors run
 *	UP_WHILE_UNDONE		and while they are undone, though BUSY
 *	STAYS_BOUND		a CPU whose constructor failed gives up the number, not the area
 *	INTERRUPTS_IN_UP, INTERRUPTS_IN_DOWN	on while constructors run, and are undone
 *	UNDO_ALL		a constructor that fails has all of them undone
 *	FORGET_UNDO		or none
 */
#ifndef ROUNDS
#define ROUNDS 6		/* of the controller's: each starts CPU 1, or stops it */
#endif
#define CONSTRUCTORS 2

#define ABSENT	0
#define DOWN	1
#define UP	2
#define DYING	3
#define BUSY	4
byte state = ABSENT;		/* of number 1 */

/* Where a CPU is. */
#define OFF	0
#define TAKE	1		/* percpu_cpu_up, from here on */
#define BIND	2
#define BUILD	4
#define UNDO	5
#define LET_GO	6
#define GIVE_UP	7
#define WORK	8
#define ADD	9
#define LEAVE	10		/* percpu_cpu_down, from here on */
#define DESTROY	11
#define STOP	12		/* asks firmware to stop it */

/* CPUs by the hardware's number: 0 is the controller, which needs none of this. */
#define HARDWARE 3
byte pc[HARDWARE];
byte before[HARDWARE];		/* the state that the CPU has found */
byte built_by[HARDWARE];	/* how many constructors are done, by its own account */
byte old[HARDWARE];
bool bound[HARDWARE];		/* its register has area 1 */
bool interrupts_on[HARDWARE], on_stack[HARDWARE];

byte memory[2], due;		/* a variable in each area; all that was added */
bool built[CONSTRUCTORS];	/* what each constructor makes is there */
bool asked;			/* number 1, to stop */
#ifndef ALONE
#define ALONE 1
#endif
byte alone = ALONE, adds = 3, interrupts = 2, nmis = 1, failures = 1;	/* that may still come */

bool sum_is_wrong, two_in_one_area, two_on_one_stack, built_twice, undone_twice, unbuilt;
bool up_and_unbuilt, dead_and_running;
#define MUST_NOT(what, condition) what = condition; assert(!what)

/* What must hold at any time. */
inline look()
{
	MUST_NOT(two_in_one_area, bound[1] && bound[2]);
	MUST_NOT(two_on_one_stack, on_stack[1] && on_stack[2]);
	MUST_NOT(up_and_unbuilt, (state & ~BUSY) == UP && !(built[0] && built[1]));
	MUST_NOT(sum_is_wrong, pc[1] != ADD && pc[2] != ADD && memory[0] + memory[1] != due)
}

inline handler()
{
	MUST_NOT(unbuilt, !(built[0] && built[1]));
	memory[1]++;
	due++
}

#ifdef UNDO_ALL
#define TO_UNDO CONSTRUCTORS
#elif defined(FORGET_UNDO)
#define TO_UNDO 0
#else
#define TO_UNDO built_by[cpu]
#endif

inline constructor_fails()
{
	failures--;
	built_by[cpu] = TO_UNDO;
	pc[cpu] = UNDO
}

inline build()
{
	if
	:: built_by[cpu] < CONSTRUCTORS ->
		MUST_NOT(built_twice, built[built_by[cpu]]);
		built[built_by[cpu]] = true;
		built_by[cpu]++
	:: else ->
#ifndef UP_FIRST
		state = UP;
#endif
		interrupts_on[cpu] = true;
		pc[cpu] = WORK
	fi
}

inline undo(then)
{
	if
	:: built_by[cpu] > 0 ->
		built_by[cpu]--;
		MUST_NOT(undone_twice, !built[built_by[cpu]]);
		built[built_by[cpu]] = false
	:: else -> pc[cpu] = then
	fi
}

inline take()
{
	before[cpu] = state;
	if
	:: state == ABSENT || state == DOWN ->
#ifndef NO_LOCK
		state = state | BUSY;
#endif
		pc[cpu] = BIND
	:: else -> pc[cpu] = STOP		/* PERCPU_ESTATE */
	fi
}

inline bind()
{
	bound[cpu] = true;
#ifdef NO_LOCK
	state = state | BUSY;
#endif
#ifdef UP_FIRST
	state = UP;
#endif
#ifdef ZERO_AT_UP
	memory[1] = 0;
#endif
#ifdef INTERRUPTS_IN_UP
	interrupts_on[cpu] = true;
#endif
	pc[cpu] = BUILD
}

inline step()
{
	if
	:: pc[cpu] == TAKE -> take()
	:: pc[cpu] == BIND -> bind()
	:: pc[cpu] == BUILD -> build()
	:: pc[cpu] == UNDO -> undo(LET_GO)
	:: pc[cpu] == LET_GO ->
#ifndef STAYS_BOUND
		bound[cpu] = false;
#endif
		interrupts_on[cpu] = false;
		pc[cpu] = GIVE_UP
	:: pc[cpu] == GIVE_UP -> state = before[cpu]; pc[cpu] = STOP
	:: pc[cpu] == WORK && asked -> interrupts_on[cpu] = false; pc[cpu] = LEAVE
	:: pc[cpu] == ADD -> memory[1] = old[cpu] + 1; due++; pc[cpu] = WORK
	:: pc[cpu] == LEAVE ->
		assert(state == UP);
#ifdef UP_WHILE_UNDONE
		state = UP | BUSY;
#else
		state = DYING | BUSY;
#endif
#ifdef INTERRUPTS_IN_DOWN
		interrupts_on[cpu] = true;
#endif
		pc[cpu] = DESTROY
	:: pc[cpu] == DESTROY ->
		if
		:: built_by[cpu] == 0 -> state = DYING; interrupts_on[cpu] = false
		:: else
		fi;
		undo(STOP)
	:: pc[cpu] == STOP -> bound[cpu] = false; on_stack[cpu] = false; pc[cpu] = OFF
	fi
}

#define STEPS (pc[cpu] != OFF && (pc[cpu] != WORK || asked))

proctype Cpu(byte cpu)
{
end:	do
	:: d_step { STEPS -> step(); look() }
	:: d_step { pc[cpu] == WORK && adds > 0 -> adds--; old[cpu] = memory[1]; pc[cpu] = ADD }
	:: d_step { pc[cpu] == BUILD && built_by[cpu] < CONSTRUCTORS && failures > 0 ->
		constructor_fails() }
	:: d_step { interrupts_on[cpu] && pc[cpu] != ADD && interrupts > 0 ->
		interrupts--; handler() }
	:: d_step { bound[cpu] && pc[cpu] != ADD && nmis > 0 -> nmis--; memory[1]++; due++ }
	/* A CPU that nobody has started takes the number. */
	:: d_step { cpu == 1 && pc[1] == OFF && alone > 0 -> alone--; pc[1] = TAKE }
	od
}

/* Firmware starts a CPU that is off, on number 1's stack. */
inline start(hardware)
{
	pc[hardware] = TAKE;
	on_stack[hardware] = true;
	look()
}

/* Number 1's state is DOWN once it is DYING, and no constructor is being undone. */
inline percpu_cpu_dead()
{
	if
	:: state == DYING ->
#ifndef NOT_ASKED
		MUST_NOT(dead_and_running, bound[1] || bound[2]);
#endif
		state = DOWN
	:: else				/* PERCPU_ESTATE */
	fi
}

/* What firmware says of the CPUs: that was started, and that had the number. */
#ifdef FAILED_IS_STOPPED
#define STACK_IS_FREE (!(on_stack[1] && pc[1] != STOP) && !(on_stack[2] && pc[2] != STOP))
#else
#define STACK_IS_FREE (!on_stack[1] && !on_stack[2])
#endif
#ifdef NOT_ASKED
#define HAS_STOPPED true
#else
#define HAS_STOPPED (!bound[1] && !bound[2] && STACK_IS_FREE)
#endif
#ifdef ASKED_BEFORE
#define IS_LEAVING (state == DYING || state == DOWN)
#else
#define IS_LEAVING (state == DYING)
#endif
#define MAY_START (state == ABSENT || state == DOWN)
/* What was started is up; or has stopped again, says firmware, as where it was refused. */
#define UP_OR_STOPPED (state == UP || STACK_IS_FREE)

proctype Controller()
{
	byte round;

	do
	:: round < ROUNDS ->
		if
		:: d_step { MAY_START && pc[1] == OFF -> start(1) };
			UP_OR_STOPPED
		:: d_step { MAY_START && pc[2] == OFF -> start(2) };
			UP_OR_STOPPED
		:: d_step { state == UP -> asked = true; memory[0]++; due++ };
			d_step { IS_LEAVING && HAS_STOPPED -> percpu_cpu_dead(); asked = false }
		fi;
		round++
	:: else -> break
	od
}

#ifdef ASKED_BEFORE
proctype Another()
{
	state == DYING && HAS_STOPPED;
	d_step { percpu_cpu_dead() }
}
#endif

init
{
	atomic {
		run Cpu(1);
		run Cpu(2);
		run Controller();
#ifdef ASKED_BEFORE
		run Another()
#endif
	}
}

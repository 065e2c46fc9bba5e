/* SPDX-License-Identifier: MIT */
/*
 * A module comes, goes, and another comes in its place, while traps look for its sequences:
 * percpu_sequences_add, percpu_sequences_remove and percpu_restart, lib/sequences_of_modules.c.
 * Memory is weak.pml's.
 *
 * The tables of modules are in a list, which percpu_restart walks if the pc is outside the kernel.
 * CPU 0 has the kernel load module 1, unload it, and load module 3 where module 1 was. CPU 1 runs
 * code of module 2, which stays, and of the one that is there: in a thread, and in the handlers of
 * an interrupt and an NMI, which come at any instruction, in a trap's entry too. To unload is:
 * nobody may enter the module; every CPU passes a point outside its code; its table leaves the
 * list; every CPU passes a point outside trap entry; its memory is used for something else.
 *
 * A context is a program counter and registers, a CPU has a stack of three, as in restart.pml,
 * which says what restarting a sequence is good for. How an ELF file is loaded is not looked at;
 * nor are two that change the list at a time, which the kernel keeps apart.
 *
 * The controls:
 *
 *	PLAIN_ADD	a table is put into the list without release
 *	PLAIN_WALK	the list is walked without acquire
 *	UNLINK_AT_ONCE	the table leaves the list while code of the module may run
 *	REUSE_AT_ONCE	the memory is used for something else while traps may walk the list
 *	HANDLER_ANSWERS	to the first question, whatever it has interrupted
 *	NMI_ANSWERS	to the second
 *	STAYS_LINKED	the table does not leave the list, and its memory holds another's code
 */
#define CPUS 2
#define LOCATIONS 8
#define TIMES 5			/* of TABLE_OF(1): garbage, module 1's, garbage, module 3's */
#define HEAD	0		/* the first in the list of tables */
#define NEXT_OF(table) (2 * (table) - 1)
#define OWNER_OF(table) (2 * (table))	/* whose code it is about */
#define OPEN	5		/* the module that may be entered, beside module 2 */
#define QUESTION 6		/* has every CPU passed the first point, the second? */
#define ANSWER	7

#include "weak.pml"

#ifndef USES
#define USES 3
#endif
#ifndef INTERRUPTS
#define INTERRUPTS 1
#endif
#ifndef NMIS
#define NMIS 1
#endif
#define GARBAGE 100
#define LEVELS 3

/* Where a context is. A sequence is three instructions; pc is that of the next. */
#define KERNEL	0		/* outside modules and trap entry: the point to pass */
#define CODE	1		/* of the module: the first instruction */
#define CODE_END 4
#define PASSED	5
#define ENTRY	10
#define WALK	11
#define LOOK	12
#define GO_ON	13
#define BODY	14
#define RETURN	15
#define IN_MODULE(p) ((p) >= CODE && (p) < CODE_END)

byte pc[LEVELS], module[LEVELS], table[LEVELS], question[LEVELS];
byte level, uses = USES, interrupts = INTERRUPTS, nmis = NMIS, owner, from, answered;
bool in_nmi;
bool garbage, no_match, false_match;
#define MUST_NOT(what, condition) what = condition; assert(!what)

#define PC pc[level]
#define INTERRUPTED (level - 1)
#define PC_AT_ENTRY pc[level + 1]

#ifdef PLAIN_WALK
#define FOLLOW(to, at) load(to, at)
#else
#define FOLLOW(to, at) load_acquire(to, at)
#endif
#ifdef PLAIN_ADD
#define LINK(at, value) store(at, value)
#else
#define LINK(at, value) store_release(at, value)	/* its partner is FOLLOW's acquire */
#endif

/* Module 3's code is where module 1's was, and has no sequence there. */
inline restart(p)
{
	if
	:: p > CODE && p < CODE_END && module[INTERRUPTED] != 3 -> p = CODE
	:: else
	fi
}

/* percpu_restart: a table is looked at, and whether it is of the code that was interrupted. */
inline look()
{
	if
	:: table[level] == 0 ->
		MUST_NOT(no_match, true);
		PC = BODY
	:: else ->
		MUST_NOT(garbage, table[level] == GARBAGE);
		load(owner, OWNER_OF(table[level]));
		MUST_NOT(garbage, owner == GARBAGE);
		MUST_NOT(false_match, owner == 1 && module[INTERRUPTED] == 3);
		if
		:: owner == module[INTERRUPTED] ->
			restart(pc[INTERRUPTED]);
			table[level] = 0;
			PC = BODY
		:: else -> PC = GO_ON
		fi;
		owner = 0
	fi
}

inline enter(m)
{
	module[level] = m;
	uses--;
	PC = CODE
}

inline return_from_trap()
{
	module[level] = 0; PC = 0;
	level--;
	in_nmi = false
}

inline trap(is_nmi)
{
	PC_AT_ENTRY = (IN_MODULE(PC) -> WALK : BODY);
	level++;
	in_nmi = is_nmi
}

/* What can only go on in one way. */
inline step()
{
	if
	:: IN_MODULE(PC) -> PC++
	:: PC == CODE_END -> PC = (level -> RETURN : KERNEL); module[level] = 0
	:: PC == PASSED ->
		store_release(ANSWER, question[level]);
		answered = question[level];
		question[level] = 0;
		PC = (level -> RETURN : KERNEL)
	:: PC == RETURN -> return_from_trap()
	fi
}

#define STEPS (IN_MODULE(PC) || PC == CODE_END || PC == PASSED || PC == RETURN)

/* Where a CPU may tell that it has passed the point that it is asked for. */
#define QUESTIONS (stored[QUESTION * TIMES + last[QUESTION]])
#ifdef HANDLER_ANSWERS
#define MAY_ANSWER (PC == KERNEL || PC == BODY && QUESTIONS == 1)
#elif defined(NMI_ANSWERS)
#define MAY_ANSWER (PC == KERNEL || PC == BODY && in_nmi && QUESTIONS == 2)
#else
#define MAY_ANSWER (PC == KERNEL)
#endif

proctype Cpu(byte cpu)
{
end:	do
	:: d_step { STEPS -> step() }
	:: atomic { PC == WALK -> FOLLOW(table[level], HEAD); PC = LOOK }
	:: atomic { PC == LOOK -> look() }
	:: atomic { PC == GO_ON ->
		from = table[level];
		FOLLOW(table[level], NEXT_OF(from));
		from = 0;
		PC = LOOK }
	:: d_step { PC == BODY -> PC = RETURN }
	:: d_step { (PC == KERNEL || PC == BODY) && uses > 0 -> enter(2) }
	:: atomic { (PC == KERNEL || PC == BODY) && uses > 0 ->
		load_acquire(owner, OPEN);
		if
		:: owner -> enter(owner); owner = 0
		:: else
		fi }
	:: atomic { MAY_ANSWER && QUESTIONS > answered ->
		load_acquire(question[level], QUESTION);
		if
		:: question[level] > answered -> PC = PASSED
		:: else -> question[level] = 0
		fi }
	:: d_step { interrupts > 0 && level == 0 -> interrupts--; trap(false) }
	:: d_step { nmis > 0 && level < LEVELS - 1 && !in_nmi -> nmis--; trap(true) }
	od
}

/* Its code and its table are there. */
inline load_module(number)
{
	d_step { store(OWNER_OF(1), number) };
	d_step { store(NEXT_OF(1), 2) };
	d_step { LINK(HEAD, 1) };
	d_step { store_release(OPEN, number) }
}

/* The grace period: every CPU has passed a point. */
inline wait(number)
{
	d_step { store_release(QUESTION, number) };
	d_step { stored[ANSWER * TIMES + last[ANSWER]] == number -> load_newest(answer, ANSWER) }
}

proctype Loader(byte cpu)
{
	byte answer;

	load_module(1);
	d_step { store_release(OPEN, 0) };
#ifndef UNLINK_AT_ONCE
	wait(1);
#endif
#ifdef STAYS_LINKED
	d_step { store_release(OPEN, 3) };
#else
	d_step { store_release(HEAD, 2) };
#ifndef REUSE_AT_ONCE
	wait(2);
#endif
	d_step { store(OWNER_OF(1), GARBAGE) };
	d_step { store(NEXT_OF(1), GARBAGE) };
	load_module(3)
#endif
}

init
{
	atomic {
		stored[HEAD * TIMES] = 2;
		stored[OWNER_OF(2) * TIMES] = 2;
		stored[OWNER_OF(1) * TIMES] = GARBAGE;
		stored[NEXT_OF(1) * TIMES] = GARBAGE;
		run Loader(0);
		run Cpu(1)
	}
}

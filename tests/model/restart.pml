/* SPDX-License-Identifier: MIT */
/*
 * Restartable sequences: two CPUs, threads, traps at every instruction boundary, and a scheduler
 * that moves threads in the middle of anything.
 *
 * A context is a program counter and general registers. A thread has a stack of them: its own,
 * that of the trap handler that interrupted it, that of the one that interrupted the handler. The
 * top one runs; the pc of one below is the saved pc in the frame of the handler above it, and its
 * registers are what that handler saved. The per-CPU register is in none of them.
 *
 * What to look at is said by macros (run.py has the list). SEQUENCES is the file of the sequences;
 * INTERRUPTS and NMIS are how many may come, on whichever CPU; the fix-up is one of
 *
 *	FIXUP_ON_ENTRY		before handler code: what docs/restart.md asks for
 *	FIXUP_LATE		after the handler's own update, before the scheduler
 *	FIXUP_ON_RETURN		the last thing before the return, wherever that is
 *	FIXUP_AFTER_QUEUE	when the thread is in the run queue already; a control, as are:
 *	FIXUP_IF_MIGRATED	on return, if on another CPU than the trap
 *	FIXUP_NEVER
 *
 * In USER, thread 0 is a user program whose instructions are at the addresses of a sequence.
 * FAULTS: the areas' pages are not there at first, then read-only. NESTED: interrupt handlers turn
 * interrupts on.
 */
#include "machine.pml"

#ifndef THREADS
#define THREADS 2
#endif
#ifndef LEVELS
#define LEVELS 3		/* contexts a thread: itself, a handler, one in the handler */
#endif
#ifndef INTERRUPTS
#define INTERRUPTS 2
#endif
#ifndef NMIS
#define NMIS 0
#endif
#ifndef HANDLER
#define HANDLER ADD		/* what handlers do; IDLE_HANDLERS do nothing */
#endif
#ifndef BEHIND
#define BEHIND 0		/* 1: the table has each sequence one instruction too long */
#endif
#ifndef SKIP
#define SKIP 0			/* 1: and this leaves out the first instruction */
#endif
#ifndef SHORT
#define SHORT 0			/* 1: and this the last */
#endif

/* Whether a saved pc is in the middle of a sequence, and where it then starts over. */
#define START(op) (op + SKIP)
#define WITHIN(p, op) ((p) > START(op) && (p) < op##_END + BEHIND - SHORT)

/* Where the pc is outside sequences. */
#define ENTRY		100	/* the trap was taken: registers are being saved */
#define FIX_UP		101
#define BODY		102	/* handler code, from here to SCHEDULE */
#define FIX_UP_LATE	103
#define SCHEDULE	104
#define RETURN		105

#define INTERRUPT	1
#define NMI		2
#define FAULT		3

#define CONTEXTS (THREADS * LEVELS)
byte pc[CONTEXTS], x[CONTEXTS], flags[CONTEXTS], kind[CONTEXTS];
byte in[CONTEXTS], old[CONTEXTS], new[CONTEXTS];
byte depth[THREADS];		/* 0: no trap */
bool in_nmi[THREADS];

/* The context that is on top of thread's stack, on the CPU that runs it. */
hidden byte top;
#define PC	pc[top]
#define X	x[top]
#define IN	in[top]
#define OLD	old[top]
#define NEW	new[top]
#define FLAGS	flags[top]
#define TOP	(thread * LEVELS + depth[thread])
#define AMOUNT	(1 + thread + 4 * depth[thread])
#define EXPECTED 0

#ifdef FIXUP_IF_MIGRATED
byte taken_on[CONTEXTS];
#endif
#ifdef GP_IN_CONTEXT
byte saved_reg[THREADS];
#endif
#ifdef USER
bool user_went_on[8];		/* which instructions the user program has done: each once */
#endif

byte interrupts = INTERRUPTS, nmis = NMIS;	/* that may still come */
byte page[CPUS];		/* the area's: 0 not there, 1 read-only, 2 there */

/* What must hold. effects: how often the operation in a context has taken effect. */
byte effects[CONTEXTS];
short due;			/* what all finished operations have added, by their own account */
bool lost;			/* a store wrote over what its sequence had not loaded */
bool foreign;			/* an operation took effect in another CPU's area */
bool not_once;			/* an operation took effect twice, or not at all */
bool sum_is_wrong;
bool happens;			/* what a control shows to happen in the model at all */

#ifdef ONLY_SUM
#define MUST_NOT(what)
#else
#define MUST_NOT(what) assert(!what)
#endif

/* ---- Instructions ---- */

inline trap(what)
{
#ifdef REACH_NESTED
	happens = PC == FIX_UP && what == NMI && pc[top - 1] == 2;	/* of ADD */
	MUST_NOT(happens);
#endif
	depth[thread]++;
	top++;
	assert(depth[thread] < LEVELS);
	PC = ENTRY;
	kind[top] = what;
	in_nmi[thread] = in_nmi[thread] || what == NMI;
#ifdef FIXUP_IF_MIGRATED
	taken_on[top] = cpu;
#endif
}

inline load(to, address)
{
	if
	:: page[AREA_OF(address)] == 0 -> trap(FAULT)
	:: else -> to = memory[AREA_OF(address)]; PC++
	fi
}

/* delta, in the area that base is the address of, is template-relative: here the base. */
inline load_delta(to, base)
{
	to = BASE_OF(AREA_OF(base));
	PC++
}

inline add_old_and_in()
{
	NEW = OLD + IN;
	PC++
}

inline branch_out_unless(condition, end)
{
	if
	:: condition -> PC++
	:: else -> PC = end
	fi
}

/* The one access that the sequence ends in: here the operation takes effect. */
inline takes_effect(address)
{
	foreign = AREA_OF(address) != cpu;
	MUST_NOT(foreign);
	effects[top]++
}

inline final_load(to, address)
{
	if
	:: page[AREA_OF(address)] == 0 -> trap(FAULT)
	:: else ->
		takes_effect(address);
		to = memory[AREA_OF(address)];
		PC++
	fi
}

inline update(address, value)
{
	if
	:: page[AREA_OF(address)] < 2 ->
#ifdef REACH_FAULT_OF_LAST
		happens = true;
		MUST_NOT(happens);
#endif
		trap(FAULT)
	:: else ->
		takes_effect(address);
		lost = memory[AREA_OF(address)] != OLD;
		MUST_NOT(lost);
		memory[AREA_OF(address)] = value;
		PC++
	fi
}

/* A write has loaded nothing. What it replaces is noted for the sum. */
inline overwrite(address, value)
{
	if
	:: page[AREA_OF(address)] < 2 -> trap(FAULT)
	:: else ->
		takes_effect(address);
		OLD = memory[AREA_OF(address)];
		memory[AREA_OF(address)] = value;
		PC++
	fi
}

/* The rest of the instructions, and the table: SEQUENCES.pml. */
#define FILE_OF(name) FILE_CALLED(name.pml)
#define FILE_CALLED(name) #name
#include FILE_OF(SEQUENCES)

/* ---- Behind a sequence ---- */

#ifndef STORES
#define STORES 1
#endif
#ifndef XCHG			/* wrong.pml has an add only */
#define XCHG_END 200
#define CMPXCHG_END 201
#define FAR_ADD_END 202
#define READ_END 203
#define WRITE_END 204
#endif

#ifdef USER
#define IS_USER (thread == 0 && depth[thread] == 0)
#else
#define IS_USER false
#endif
#ifdef BREAKPOINT
#define AT_BREAKPOINT (PC == ADD + 1 && depth[thread] == 0)
#else
#define AT_BREAKPOINT false
#endif
#define ENDS_HERE (PC == ADD_END || PC == XCHG_END || PC == CMPXCHG_END || PC == FAR_ADD_END || \
		   PC == READ_END || PC == WRITE_END)
#define AT_AN_END (!IS_USER && ENDS_HERE)
#define IN_A_SEQUENCE (!IS_USER && !ENDS_HERE && PC < ENTRY)

/* The caller has its result: it, and nothing else, must account for what is in memory. */
inline account()
{
	if
	:: PC == ADD_END || PC == FAR_ADD_END -> due = due + STORES * AMOUNT
	:: PC == XCHG_END || PC == WRITE_END -> due = due + AMOUNT - OLD
	:: PC == CMPXCHG_END && OLD == EXPECTED -> due = due + AMOUNT - OLD
	:: PC == READ_END || PC == CMPXCHG_END && OLD != EXPECTED -> skip
	fi;
	not_once = effects[top] != (PC == CMPXCHG_END && OLD != EXPECTED -> 0 : STORES);
	MUST_NOT(not_once)
}

inline clear_context()
{
	x[top] = 0; in[top] = 0; old[top] = 0; new[top] = 0; flags[top] = 0; effects[top] = 0;
	kind[top] = 0; pc[top] = 0
}

/* A thread has one operation to do; a handler goes on to the scheduler. */
inline operation_is_done()
{
	account();
	if
	:: depth[thread] == 0 -> thread_is_done()
	:: else -> PC = FIX_UP_LATE
	fi
}

inline thread_is_done()
{
	clear_context();
	thread = NONE;
	finished++;
	if
	:: finished == THREADS ->
		sum_is_wrong = memory[0] + memory[1] != due;
		assert(!sum_is_wrong)
	:: else
	fi
}

/* ---- Traps ---- */

/* The mode that the trap came from is looked at, and not only the pc: NO_MODE does not. */
inline fix_up()
{
	if
#if defined(USER) && !defined(NO_MODE)
	:: thread == 0 && depth[thread] == 1 -> skip
#endif
	:: else -> restart(pc[top - 1])
	fi
}

inline entry()
{
	if
	:: kind[top] == FAULT && page[cpu] < 2 -> page[cpu]++
	:: else
	fi;
	PC = FIX_UP
}

inline return_from_trap()
{
#ifdef FIXUP_ON_RETURN
	fix_up();
#endif
#ifdef FIXUP_IF_MIGRATED
	if
	:: taken_on[top] != cpu -> fix_up()
	:: else
	fi;
	taken_on[top] = 0;
#endif
	in_nmi[thread] = in_nmi[thread] && kind[top] != NMI;
	clear_context();
	depth[thread]--
}

/* Everything that leaves no choice: one instruction, or a step of a handler. */
inline step()
{
	top = TOP;
	if
	:: PC == ENTRY -> entry()
	:: PC == FIX_UP ->
#ifdef FIXUP_ON_ENTRY
		fix_up();
#endif
		PC = BODY
#ifdef IDLE_HANDLERS
	:: PC == BODY -> PC = FIX_UP_LATE
#else
	:: PC == BODY -> IN = AMOUNT; PC = HANDLER
#endif
	:: PC == FIX_UP_LATE ->
#ifdef FIXUP_LATE
		fix_up();
#endif
		PC = SCHEDULE
	:: PC == SCHEDULE ->			/* goes on with this thread */
#ifdef FIXUP_AFTER_QUEUE
		fix_up();
#endif
		PC = RETURN
	:: PC == RETURN -> return_from_trap()
#ifdef USER
	:: IS_USER && PC < 4 -> assert(!user_went_on[PC]); user_went_on[PC] = true; PC++
	:: IS_USER && PC == 4 -> thread_is_done()
#endif
	:: AT_AN_END -> operation_is_done()
	:: IN_A_SEQUENCE && AT_BREAKPOINT -> trap(FAULT)	/* each time anew */
	:: IN_A_SEQUENCE && !AT_BREAKPOINT -> one_instruction_of_a_sequence()
	fi
}

/* The CPU goes on with a thread from the run queue. */
inline take(t)
{
	TAKE(t);
	thread = t;
#ifdef GP_IN_CONTEXT
	if
	:: depth[t] > 0 -> reg[cpu] = saved_reg[t]
	:: else
	fi
#endif
}

#define RUNS (thread != NONE)
#ifdef FIXUP_AFTER_QUEUE
#define IDLE (!RUNS && queued == NONE)
#else
#define IDLE (!RUNS)
#endif
/* Room is left for the page faults that the handler may take. */
#define HAS_ROOM (depth[thread] + 1 + FAULTS_TO_COME < LEVELS)
#define FAULTS_TO_COME (page[0] == 0 || page[1] == 0 -> 3 : (page[0] == 1 || page[1] == 1 -> 2 : 0))
/* An interrupt handler has interrupts off, unless it may be NESTED; a fault's turns them on. */
#ifdef NESTED
#define INTERRUPTS_ON(top) (pc[top] < ENTRY || pc[top] == BODY || pc[top] == FIX_UP_LATE)
#else
#define INTERRUPTS_ON(top) (kind[top] == 0 || kind[top] == FAULT && pc[top] < ENTRY)
#endif

proctype Cpu(byte cpu)
{
	byte thread = NONE;
#ifdef FIXUP_AFTER_QUEUE
	byte queued = NONE;
#endif

	do
	:: d_step { RUNS -> step() }
	:: d_step { RUNS && interrupts > 0 && !in_nmi[thread] && HAS_ROOM &&
		    INTERRUPTS_ON(TOP) ->
		interrupts--; top = TOP; trap(INTERRUPT) }
	:: d_step { RUNS && nmis > 0 && !in_nmi[thread] && HAS_ROOM ->
		nmis--; top = TOP; trap(NMI) }

	/* The scheduler leaves the thread, with its whole stack, to any CPU. */
	:: d_step { RUNS && pc[TOP] == SCHEDULE && !in_nmi[thread] ->
		pc[TOP] = RETURN;
#ifdef GP_IN_CONTEXT
		saved_reg[thread] = reg[cpu];
#endif
#ifdef FIXUP_AFTER_QUEUE
		queued = thread;
#endif
#ifndef FORGET
		MAKE_READY(thread);
#endif
		thread = NONE }
#ifdef FIXUP_AFTER_QUEUE
	/* If another CPU runs the thread already, this changes a frame that is no more. */
	:: d_step { queued != NONE ->
		top = queued * LEVELS + depth[queued];
		if
		:: IS_READY(queued) -> restart(pc[top - 1])
		:: else
		fi;
		queued = NONE; top = 0 }
#endif
	:: d_step { IDLE && IS_READY(0) -> take(0) }
	:: d_step { IDLE && IS_READY(1) -> take(1) }
#if THREADS > 2
	:: d_step { IDLE && IS_READY(2) -> take(2) }
#endif
	:: finished == THREADS -> break
	od
}

inline start_thread(t)
{
	in[t * LEVELS] = 1 + t;
#ifdef ONLY
	pc[t * LEVELS] = ONLY;
#else
	CHOOSE_OPERATION(pc[t * LEVELS]);
#endif
	MAKE_READY(t)
}

init
{
	atomic {
		reg[0] = BASE_OF(0); reg[1] = BASE_OF(1);
#ifndef FAULTS
		page[0] = 2; page[1] = 2;
#endif
		start_thread(0);
#ifdef USER
		pc[0] = 0;
#endif
		start_thread(1);
#if THREADS > 2
		start_thread(2);
#endif
		run Cpu(0);
		run Cpu(1)
	}
}

/* SPDX-License-Identifier: 0BSD */
/*
 * User mode: what an architecture adds to arch/interrupts.h for a kernel that has some.
 *
 * User code may leave anything in any register that it can write. A trap from user mode puts all of
 * them into a frame at the end of the stack that arch_user_frame_create was given, gives the
 * per-CPU register the kernel's value, which comes from where user code cannot write, counts itself
 * in user_entries, and calls trap_handle as every trap does. The frame that this returns is what
 * the CPU goes on with: that one, and user code finds each register as it was; or the kernel's own,
 * and user mode is left for good. So a kernel enters user mode by arch_breakpoint, with a
 * trap_handle that returns the user frame and keeps its own.
 *
 * There is one trap more than those of arch/interrupts.h that user code can do: a system call,
 * which goes on behind its instruction. Anything else that user code does is a fault.
 */
#ifndef ARCH_USER_H
#define ARCH_USER_H

#include <arch/interrupts.h>

/* System calls have a number and an argument, and give a result. These are made by user.S. */
#define USER_CALL_WORK 1 /* gives ~argument */
#define USER_CALL_EXIT 2 /* does not return */

/* How often user_rounds fills the registers. */
#define USER_ROUNDS 20

#ifndef __ASSEMBLER__

#include <stdbool.h>

/* ---- Given by the kernel ---- */

/*
 * The traps from user mode on this CPU, counted by the entry:
 *
 *	PERCPU_DEFINE(uint64_t, user_entries);
 */

/* ---- Given by each architecture ---- */

/*
 * Prepares the calling CPU, number CPU, which uses interrupts already; CPU 0 first, alone. User
 * code will reach one page with the programs below and one page for a stack, and nothing of the
 * kernel. Returns NULL, or a sentence that says why this machine cannot do it.
 */
const char *arch_user_init(size_t cpu);

/*
 * The programs, in user.S. Each first fills every register that it can write: with what comes of
 * PATTERN; and with VALUE the one that the per-CPU register has in user mode: gp or tp, TPIDR_EL0,
 * the GS base. This register has VALUE from the start, and never anything else.
 *
 * user_rounds does so USER_ROUNDS times, each time calls USER_CALL_WORK, and looks at every
 * register then, and at the result. It ends by USER_CALL_EXIT with 0, or with a number, not 0, of
 * what was not as it must be.
 *
 * The others do what must be a fault: read, write or execute the memory at the address PATTERN, or
 * an instruction that is the kernel's. If it is none they call USER_CALL_EXIT.
 */
typedef const char user_program[];
extern user_program user_rounds, user_read, user_write, user_execute, user_privileged;

/*
 * Makes a frame that starts PROGRAM (PATTERN, VALUE) in user mode, with interrupts on, at the end
 * of the stack STACK_END, aligned to 16 bytes. Traps from user mode on this CPU use that stack, as
 * long as this frame is the last that was made here.
 */
struct trap_frame *arch_user_frame_create(void *stack_end, user_program program, uint64_t pattern,
					  uint64_t value);

/* Whether user code was interrupted. */
bool arch_frame_is_user(const struct trap_frame *frame);

/* Of a system call. */
uint64_t arch_user_call(const struct trap_frame *frame);
uint64_t arch_user_argument(const struct trap_frame *frame);
void arch_user_set_result(struct trap_frame *frame, uint64_t result);

/* What user code had where VALUE is. */
uintptr_t arch_user_register(const struct trap_frame *frame);

/* A fault of user code: at an address, or at an instruction that it may not execute. */
struct user_fault {
	const char *name;
	bool access;	   /* the address below could not be read, written or executed */
	uintptr_t address; /* 0 if not */
};

/* The last on this CPU: for trap_handle, before anything else can trap. */
struct user_fault arch_user_fault(void);

/* This CPU's number, found without per-CPU variables. */
size_t arch_cpu_number(void);

/* What of the kernel's is in user mode's page table, at the same address: from START up to END. */
struct user_shared {
	const char *what; /* NULL behind the last */
	uintptr_t start, end;
};

/* The page table that user mode has, if that is not the kernel's. */
struct user_table {
	const struct user_shared *shared;

	/* Calls FUNCTION for each page that the table maps, as the CPU would find it. */
	void (*each_page)(void (*function)(uintptr_t address, bool user));

	/* For trap_handle, before anything else can trap: whether this trap has come from it. */
	bool (*was_on)(void);
};

/*
 * With tables=1 on the command line, user mode has a page table of its own; with tables=2 as well,
 * but entries from there use a per-CPU variable before they leave it, and so must end by a fault.
 * NULL if it has the kernel's. Once arch_user_init is done.
 */
const struct user_table *arch_user_table(void);

#endif
#endif

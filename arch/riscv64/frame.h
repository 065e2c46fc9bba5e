/* SPDX-License-Identifier: 0BSD */
/* The trap frame, and what else interrupts.S and interrupts.c share. */
#ifndef RISCV64_FRAME_H
#define RISCV64_FRAME_H

/* No parentheses: the assembler would take them for those around a base register. */
#define FRAME_PC 0
#define FRAME_X(n) 8 * n
#define FRAME_STATUS 256
#define FRAME_SIZE 272

#define HART_NUMBER 0
#define HART_T1 8
#define HART_T2 16
#define HART_USER_SP 32
#define HART_USER_REGISTER 40
#define HART_REGISTER 48
#define HART_TRAP_STACK 56
#define HART_TO_USER 64
#define HART_KERNEL_SATP 72
#define HART_USER_SATP 80
#define HART_FOUND_SATP 88

#define CAUSE_BREAKPOINT 3
#define CAUSE_USER_CALL 8

#define NUMBER_OF_gp 3
#define NUMBER_OF_tp 4
#define PERCPU_REGISTER_NUMBER PERCPU__GLUE(NUMBER_OF_, PERCPU_RISCV_REG)

#ifndef __ASSEMBLER__

#include <arch/interrupts.h>

/*
 * Of x1 to x31, two places are for what came from user mode only: sp is otherwise where the frame
 * ends, and the per-CPU register is the hart's.
 */
struct trap_frame {
	uint64_t pc;
	uint64_t x1[31];
	uint64_t status; /* sstatus, or mstatus */
	uint64_t unused;
};
#define X(n) x1[(n)-1]
_Static_assert(offsetof(struct trap_frame, pc) == FRAME_PC, "FRAME_PC is where pc is");
_Static_assert(offsetof(struct trap_frame, X(1)) == FRAME_X(1), "FRAME_X(1) is where x1 is");
_Static_assert(offsetof(struct trap_frame, X(31)) == FRAME_X(31), "FRAME_X(31) is where x31 is");
_Static_assert(offsetof(struct trap_frame, status) == FRAME_STATUS, "FRAME_STATUS is right");
_Static_assert(sizeof(struct trap_frame) == FRAME_SIZE, "FRAME_SIZE is the size of a frame");

/* What xscratch points to once a hart uses interrupts; before, it holds the number itself. */
struct hart {
	uint64_t number;
	uint64_t t1, t2; /* the interrupted ones, while interrupt_vector looks at the cause */
	uint64_t due;	 /* what the timer is set to */
	uint64_t user_sp, user_register; /* so are these, while user_vector makes the frame */
	uint64_t register_value;	 /* of the per-CPU register, in the kernel */
	uint64_t trap_stack;		 /* for traps from user mode */
	uint64_t to_user;		 /* the code that goes there, from the frame at sp */
	/* Of trampoline.S: the kernel's and user mode's, and that of the last trap. */
	uint64_t kernel_satp, user_satp, found_satp;
};
_Static_assert(offsetof(struct hart, number) == HART_NUMBER, "HART_NUMBER is where number is");
_Static_assert(offsetof(struct hart, t1) == HART_T1, "HART_T1 is where t1 is");
_Static_assert(offsetof(struct hart, t2) == HART_T2, "HART_T2 is where t2 is");

_Static_assert(offsetof(struct hart, user_sp) == HART_USER_SP, "HART_USER_SP is right");
_Static_assert(offsetof(struct hart, user_register) == HART_USER_REGISTER, "and so is this");
_Static_assert(offsetof(struct hart, register_value) == HART_REGISTER, "HART_REGISTER is right");
_Static_assert(offsetof(struct hart, trap_stack) == HART_TRAP_STACK, "HART_TRAP_STACK is right");
_Static_assert(offsetof(struct hart, to_user) == HART_TO_USER, "HART_TO_USER is right");
_Static_assert(offsetof(struct hart, kernel_satp) == HART_KERNEL_SATP, "HART_KERNEL_SATP is right");
_Static_assert(offsetof(struct hart, user_satp) == HART_USER_SATP, "HART_USER_SATP is right");
_Static_assert(offsetof(struct hart, found_satp) == HART_FOUND_SATP, "HART_FOUND_SATP is right");

/* This hart's; NULL as long as it does not use interrupts. */
struct hart *this_hart(void);

/* What a trap is called. */
const char *trap_name(uint64_t cause);

/* A timer that is not set. */
#define TIMER_NEVER UINT64_MAX

/* What this hart's timer is set to: for arch_pause, which borrows it. */
uint64_t timer_due(void);

#endif
#endif

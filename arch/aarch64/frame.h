/* SPDX-License-Identifier: 0BSD */
/* The trap frame, and what else interrupts.S and interrupts.c share. */
#ifndef AARCH64_FRAME_H
#define AARCH64_FRAME_H

#define FRAME_X(n) (8 * (n))
#define FRAME_PC 248
#define FRAME_PSTATE 256
#define FRAME_USER_SP 264
#define FRAME_SIZE 288

/* ESR_ELx, "EC": a BRK; and the number in ours, since compilers make __builtin_trap a BRK too. */
#define CLASS_BRK 0x3c
#define BRK_NUMBER 0

#define CLASS_SVC 0x15 /* a system call */

#define PSTATE_LEVEL 0xf /* 0 is EL0 */

#ifdef __ASSEMBLER__

/* \insn, stp or ldp, of x2 to x29. */
.macro each_pair insn
	\insn	x2, x3, [sp, #FRAME_X(2)]
	\insn	x4, x5, [sp, #FRAME_X(4)]
	\insn	x6, x7, [sp, #FRAME_X(6)]
	\insn	x8, x9, [sp, #FRAME_X(8)]
	\insn	x10, x11, [sp, #FRAME_X(10)]
	\insn	x12, x13, [sp, #FRAME_X(12)]
	\insn	x14, x15, [sp, #FRAME_X(14)]
	\insn	x16, x17, [sp, #FRAME_X(16)]
	\insn	x18, x19, [sp, #FRAME_X(18)]
	\insn	x20, x21, [sp, #FRAME_X(20)]
	\insn	x22, x23, [sp, #FRAME_X(22)]
	\insn	x24, x25, [sp, #FRAME_X(24)]
	\insn	x26, x27, [sp, #FRAME_X(26)]
	\insn	x28, x29, [sp, #FRAME_X(28)]
.endm

/* Puts the registers into a frame at sp, x0 and x1 being there. Afterwards x2 is the pc. */
.macro save_frame
	each_pair stp
	mrs	x2, EL(elr)
	mrs	x3, EL(spsr)
	stp	x30, x2, [sp, #FRAME_X(30)]
	str	x3, [sp, #FRAME_PSTATE]
.endm

#else

#include <arch/interrupts.h>

/* sp is where the frame ends; the last two are for what came from user mode only. */
struct trap_frame {
	uint64_t x[31];
	uint64_t pc;
	uint64_t pstate;
	uint64_t user_sp;
	uint64_t user_tpidr;
	uint64_t unused;
};
_Static_assert(offsetof(struct trap_frame, x[30]) == FRAME_X(30), "FRAME_X(30) is where x30 is");
_Static_assert(offsetof(struct trap_frame, pc) == FRAME_PC, "FRAME_PC is where pc is");
_Static_assert(offsetof(struct trap_frame, pstate) == FRAME_PSTATE, "FRAME_PSTATE is right");
_Static_assert(offsetof(struct trap_frame, user_sp) == FRAME_USER_SP, "FRAME_USER_SP is right");
_Static_assert(sizeof(struct trap_frame) == FRAME_SIZE, "FRAME_SIZE is the size of a frame");

/* What a trap is called: by which of the 16 vectors it came, and ESR_ELx. */
const char *trap_name(uint64_t entry, uint64_t esr);

#endif
#endif

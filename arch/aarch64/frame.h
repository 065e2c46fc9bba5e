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

#ifndef __ASSEMBLER__

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

/* SPDX-License-Identifier: 0BSD */
/* The trap frame, and what else assembly and C share about interrupts. */
#ifndef X86_64_FRAME_H
#define X86_64_FRAME_H

#define FRAME_SIZE 160

/* The interrupt descriptor table: 32 exceptions, then what is the kernel's. */
#define IDT_SIZE 768
#define VECTOR_BREAKPOINT 3
#define VECTOR_TIMER 32
#define VECTOR_SPURIOUS 47 /* early CPUs take the last four bits as ones */

#ifndef __ASSEMBLER__

#include <arch/interrupts.h>

/* The CPU pushes what begins with rip, and interrupts.S the rest, from rax down. */
struct trap_frame {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
	uint64_t rbp, rdi, rsi, rdx, rcx, rbx, rax;
	uint64_t rip, cs, rflags, rsp, ss;
};
_Static_assert(sizeof(struct trap_frame) == FRAME_SIZE, "FRAME_SIZE is the size of a frame");

#endif
#endif

/* SPDX-License-Identifier: 0BSD */
/* The trap frame, and what else assembly and C share about interrupts. */
#ifndef X86_64_FRAME_H
#define X86_64_FRAME_H

#define FRAME_SIZE 160
#define FRAME_CS 128 /* their offsets */
#define FRAME_RSP 144
#define FRAME_PUSHED_BY_CPU (5 * 8)

/* The interrupt descriptor table, a page: 32 exceptions, then what is the kernel's. */
#define IDT_SIZE 4096
#define VECTOR_DEBUG 1
#define VECTOR_NMI 2
#define VECTOR_BREAKPOINT 3
#define VECTOR_DOUBLE_FAULT 8
#define VECTOR_PAGE_FAULT 14
#define VECTOR_MACHINE_CHECK 18
#define VECTOR_TIMER 32
#define VECTOR_8259S 48	      /* 16 of them: away from exceptions */
#define VECTOR_UNEXPECTED 256 /* none, but for trap_unexpected: any interrupt without a gate */
#define VECTOR_SPURIOUS 47    /* early CPUs take the last four bits as ones */

/* Vectors that push an error code: #DF #TS #NP #SS #GP #PF #AC #CP #VC #SX. */
#define PUSHES_ERROR_CODE 0x60227d00

#ifndef __ASSEMBLER__

#include <arch/interrupts.h>

/* The CPU pushes what begins with rip, and interrupts.S the rest, from rax down. */
struct trap_frame {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
	uint64_t rbp, rdi, rsi, rdx, rcx, rbx, rax;
	uint64_t rip, cs, rflags, rsp, ss;
};
_Static_assert(sizeof(struct trap_frame) == FRAME_SIZE, "FRAME_SIZE is the size of a frame");
_Static_assert(__builtin_offsetof(struct trap_frame, cs) == FRAME_CS &&
		       __builtin_offsetof(struct trap_frame, rsp) == FRAME_RSP,
	       "the offsets are those of the struct");

#endif
#endif

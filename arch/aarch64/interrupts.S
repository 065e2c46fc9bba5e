/* SPDX-License-Identifier: 0BSD */
/*
 * Traps that return: see arch/interrupts.h. Once a CPU uses interrupts, VBAR leads here instead of
 * to trap_vectors. Of the 16 entries (see trap.S) two come back, those of this level with its own
 * SP: synchronous, if it is our BRK, and IRQ.
 *
 * Nothing is stored on the stack before the cause is known: if it is sp that is wrong, the store
 * traps, comes here again with another cause, and is reported. Until then SP_EL0, which these
 * kernels have no other use for, holds x0.
 */
#include <arch/interrupts.h>

#include "asm.h"
#include "frame.h"

	.if	FRAME_PC != FRAME_X(31) || FRAME_SIZE < FRAME_PSTATE + 8 || FRAME_SIZE % 16
	.error	"x30 and pc are not a pair, or the frame does not keep sp aligned to 16 bytes"
	.endif

#define ENTRY_SYNCHRONOUS 4
#define ENTRY_IRQ 5

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

/* Puts a frame on the stack. x0 comes from SP_EL0. Afterwards x2 is the pc. */
.macro save_frame
	mrs	x0, sp_el0
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp, #FRAME_X(0)]
	each_pair stp
	mrs	x2, EL(elr)
	mrs	x3, EL(spsr)
	stp	x30, x2, [sp, #FRAME_X(30)]
	str	x3, [sp, #FRAME_PSTATE]
.endm

	.text
	.balign	2048
	.globl	interrupt_vectors
interrupt_vectors:
entry = 0
	.rept	16
	.balign	128
	.if	entry == ENTRY_SYNCHRONOUS
	msr	sp_el0, x0
	b	synchronous
	.elseif	entry == ENTRY_IRQ
	msr	sp_el0, x0
	b	irq
	.else
	mov	x1, #entry
	b	trap_common
	.endif
entry = entry + 1
	.endr

func synchronous
	mrs	x0, EL(esr)
	lsr	x0, x0, #26
	sub	x0, x0, #CLASS_BRK
	cbnz	x0, 1f
	mrs	x0, EL(esr)
	and	x0, x0, #0xffff
	sub	x0, x0, #BRK_NUMBER
	cbnz	x0, 1f
	save_frame
	add	x2, x2, #4		/* behind the BRK */
	str	x2, [sp, #FRAME_PC]
	mov	x1, #TRAP_NUMBER_BREAKPOINT
	b	handle
1:	mov	x1, #ENTRY_SYNCHRONOUS
	b	trap_common
endfunc synchronous

func irq
	save_frame
	mov	x1, #TRAP_NUMBER_TIMER
	b	handle
endfunc irq

/* sp a frame, x1 the kind of trap. ERET also clears the exclusive monitor. */
func handle
	mov	x0, sp
	bl	trap_handle		/* (frame, kind) */
	mov	sp, x0
	ldp	x30, x2, [sp, #FRAME_X(30)]
	ldr	x3, [sp, #FRAME_PSTATE]
	msr	EL(elr), x2
	msr	EL(spsr), x3
	ldp	x0, x1, [sp, #FRAME_X(0)]
	each_pair ldp
	add	sp, sp, #FRAME_SIZE
	eret
endfunc handle

/* A thread's first instructions: x19 the function, x20 its argument. */
func thread_start
	mov	x0, x20
	blr	x19
	b	arch_halt
endfunc thread_start

func arch_breakpoint
	brk	#BRK_NUMBER
	ret
endfunc arch_breakpoint

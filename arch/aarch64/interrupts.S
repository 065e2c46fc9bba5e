/* SPDX-License-Identifier: 0BSD */
/*
 * Traps that return: see arch/interrupts.h. Once a CPU uses interrupts, VBAR leads here instead of
 * to trap_vectors. Of the 16 entries (see trap.S) two come back, those of this level with its own
 * SP: synchronous, if it is our BRK, and IRQ.
 *
 * Nothing is stored on the stack before the cause is known: if it is sp that is wrong, the store
 * traps, comes here again with another cause, and is reported. Until then SP_EL0, which
 * the kernel has no other use for, holds x0; user.S has saved what user code had there.
 */
#include <arch/interrupts.h>

#include "asm.h"

	.if	FRAME_PC != FRAME_X(31) || FRAME_SIZE < FRAME_PSTATE + 8 || FRAME_SIZE % 16
	.error	"x30 and pc are not a pair, or the frame does not keep sp aligned to 16 bytes"
	.endif

#define ENTRY_SYNCHRONOUS 4
#define ENTRY_IRQ 5

/* Puts a frame on the stack. x0 comes from SP_EL0. Afterwards x2 is the pc. */
.macro push_frame
	mrs	x0, sp_el0
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp, #FRAME_X(0)]
	save_frame
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
	push_frame
	add	x2, x2, #4		/* behind the BRK */
	str	x2, [sp, #FRAME_PC]
	mov	x1, #TRAP_NUMBER_BREAKPOINT
	b	handle
1:	mov	x1, #ENTRY_SYNCHRONOUS
	b	trap_common
endfunc synchronous

func irq
	push_frame
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
	tst	x3, #PSTATE_LEVEL
	b.ne	1f
	/* To user mode: interrupts are off, so nothing is seen of user code's values here. */
	ldp	x2, x3, [sp, #FRAME_USER_SP]
	msr	sp_el0, x2
	msr	tpidr_el0, x3
1:	ldp	x0, x1, [sp, #FRAME_X(0)]
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

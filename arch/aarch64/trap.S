/* SPDX-License-Identifier: 0BSD */
/*
 * The trap path: these kernels expect none, so every trap is reported and ends the run.
 *
 * VBAR points to 16 entries of 128 bytes: four kinds (synchronous, IRQ, FIQ, SError) from each of
 * four places (this level with SP_EL0, with its own SP, a lower level in AArch64, in AArch32) (Arm
 * ARM DDI 0487, "Exception vectors"). Since nothing returns, no register is saved, and the CPU's
 * stack is taken anew from its top: the old sp may be what trapped. TPIDR_EL0 has the CPU's number,
 * and -1 once it reports: a trap while reporting stops.
 */
#include <arch/boot.h>

#include "asm.h"

	.text
	.balign	2048
	.globl	trap_vectors
trap_vectors:
entry = 0
	.rept	16
	.balign	128
	mov	x1, #entry
	b	trap_common
entry = entry + 1
	.endr

func trap_common
	mrs	x0, tpidr_el0		/* the CPU number */
	cmn	x0, #1
	b.eq	arch_halt
	mov	x2, #-1
	msr	tpidr_el0, x2
	stack_of x0, x2, x3
	mrs	x2, EL(esr)
	mrs	x3, EL(elr)
	mrs	x4, EL(far)
	b	trap_unexpected		/* (cpu, entry, esr, elr, far) */
endfunc trap_common

/* An instruction that is undefined by definition: UDF #0. */
func arch_undefined_instruction
	.inst	0
	ret
endfunc arch_undefined_instruction

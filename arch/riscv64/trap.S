/* SPDX-License-Identifier: 0BSD */
/*
 * The trap path: these kernels expect none, so every trap is reported and ends the run.
 *
 * stvec, or mtvec, in direct mode sends every trap of the level here (RISC-V privileged
 * specification, "Supervisor Trap Vector Base Address Register"), with interrupts off and sp as it
 * was. Since nothing returns, no register is saved, and the CPU's stack is taken anew from its top:
 * the old sp may be what trapped. A trap while reporting goes to arch_halt and stops there.
 */
#include <arch/boot.h>

#include "asm.h"

	.text

func trap_vector
	la	t0, arch_halt
	csrw	CSR(tvec), t0
	csrr	a0, CSR(scratch)	/* the CPU number */
	stack_of a0, t0, t1
	csrr	a1, CSR(cause)
	csrr	a2, CSR(epc)
	csrr	a3, CSR(tval)
	tail	trap_unexpected		/* (cpu, cause, pc, address) */
endfunc trap_vector

/* An instruction that is illegal by definition: all zeros. */
func arch_undefined_instruction
	unimp
	ret
endfunc arch_undefined_instruction

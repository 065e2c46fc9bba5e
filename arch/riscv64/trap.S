/* SPDX-License-Identifier: 0BSD */
/*
 * The trap path: these kernels expect none, so every trap is reported and ends the run.
 *
 * stvec in direct mode sends every trap of S-mode here (RISC-V privileged specification, "Supervisor
 * Trap Vector Base Address Register"), with interrupts off and sp as it was. Since nothing returns,
 * no register is saved, and the CPU's stack is taken anew from its top: the old sp may be what
 * trapped. A trap while reporting goes to arch_halt and stops there.
 */
#include <arch/boot.h>

#include "asm.h"

	.text

func trap_vector
	la	t0, arch_halt
	csrw	stvec, t0
	csrr	a0, sscratch		/* the CPU number */
	stack_of a0, t0, t1
	csrr	a1, scause
	csrr	a2, sepc
	csrr	a3, stval
	tail	trap_unexpected		/* (cpu, scause, sepc, stval) */
endfunc trap_vector

/* An instruction that is illegal by definition: all zeros. */
func arch_undefined_instruction
	unimp
	ret
endfunc arch_undefined_instruction

/* SPDX-License-Identifier: 0BSD */
/* Assembler macros of the riscv64 boot code. */

/* A function: symbol, type, size, and call frame information for the debugger. */
.macro func name
	.globl	\name
	.type	\name, @function
	.balign	4
\name:
	.cfi_startproc
.endm

.macro endfunc name
	.cfi_endproc
	.size	\name, . - \name
.endm

/* sp = the top of CPU number \cpu's stack. Clobbers the two temporaries. */
.macro stack_of cpu, t0, t1
	la	sp, boot_stacks + BOOT_STACK_SIZE
	li	\t0, BOOT_STACK_SIZE
	mul	\t1, \cpu, \t0
	add	sp, sp, \t1
.endm

/* SPDX-License-Identifier: 0BSD */
/* Assembler macros of the riscv64 boot code. */
#include <arch/func.h>

/* sp = the top of CPU number \cpu's stack. Clobbers the two temporaries. */
.macro stack_of cpu, t0, t1
	la	sp, boot_stacks + BOOT_STACK_SIZE
	li	\t0, BOOT_STACK_SIZE
	mul	\t1, \cpu, \t0
	add	sp, sp, \t1
.endm

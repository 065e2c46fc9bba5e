/* SPDX-License-Identifier: 0BSD */
/* Assembler macros of the riscv64 boot code. */
#include <arch/func.h>
#include <percpu/asm.h>

#include "frame.h"
#include "level.h"

/* sp = the top of CPU number \cpu's stack. Clobbers the two temporaries. */
.macro stack_of cpu, t0, t1
	la	sp, boot_stacks + BOOT_STACK_SIZE
	li	\t0, BOOT_STACK_SIZE
	mul	\t1, \cpu, \t0
	add	sp, sp, \t1
.endm

/* \insn, sd or ld, of every register that is in each frame at sp. */
.macro each_register insn
	.irp	n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	.if	\n - PERCPU_REGISTER_NUMBER
	\insn	x\n, FRAME_X(\n)(sp)
	.endif
	.endr
.endm

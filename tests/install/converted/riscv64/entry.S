/* SPDX-License-Identifier: MIT */
/*
 * Without firmware, all harts enter _start at once, in M-mode. QEMU has loaded the kernel, and
 * cleared its .bss.
 */
#include "kernel.h"

	.section .head, "ax"
	.globl	_start
_start:
	csrr	tp, mhartid
	la	sp, stacks
	addi	t0, tp, 1
	slli	t0, t0, 12		/* 4 KiB each, from the top down */
	add	sp, sp, t0
	la	t0, trap_entry
	csrw	stvec, t0
	csrw	satp, zero
	li	t0, -1			/* S-mode may use all memory */
	csrw	pmpaddr0, t0
	li	t0, 0xf
	csrw	pmpcfg0, t0
	li	t0, -1			/* and takes all traps */
	csrw	medeleg, t0
	csrw	mideleg, t0
	csrwi	sie, 2			/* the software interrupt, once it is delegated */
	li	t0, 0x1800		/* mstatus.MPP: to S-mode, where SIE is 0 */
	csrc	mstatus, t0
	li	t0, 0x800
	csrs	mstatus, t0
	la	t0, kernel_main
	csrw	mepc, t0
	mret

	/* All but tp, the hart's, which is another one's when the thread goes on there. */
	.macro	registers operation
	.irp	n, 1, 3, \
		5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, \
		26, 27, 28, 29, 30, 31
	\operation	x\n, 8 + 8 * \n(sp)
	.endr
	.endm

	.text
	.balign	4
trap_entry:
	addi	sp, sp, -34 * 8
	registers sd
	addi	t0, sp, 34 * 8
	csrr	t1, sepc
	csrr	t2, sstatus
	sd	t0, 8 + 8 * 2(sp)
	sd	t1, 0(sp)
	sd	t2, 33 * 8(sp)
	mv	a0, sp
	la	t0, cpus		/* sp = cpus[tp].trap_stack */
	slli	t1, tp, CPU_SHIFT
	add	t0, t0, t1
	ld	sp, CPU_TRAP_STACK(t0)
	call	trap			/* the frame to go on with */
	mv	sp, a0
	ld	t1, 0(sp)
	ld	t2, 33 * 8(sp)
	csrw	sepc, t1
	csrw	sstatus, t2
	registers ld
	ld	sp, 8 + 8 * 2(sp)
	sret

	.bss
	.balign	16
stacks:
	.skip	NCPU * 4096

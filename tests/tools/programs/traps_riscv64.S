/* SPDX-License-Identifier: MIT */
/*
 * A trap entry from the kernel that calls HANDLER. GP 1: it saves and loads gp with the other
 * registers; 2: loads it only where the trap came from user mode. SWITCH 1: so does a switch.
 * UNSIZED: nothing tells where it ends, and zeros are behind.
 */
#include <percpu/asm.h>

	.text
	.globl	_entry
	.type	_entry, @function
_entry:	la	t0, trap
	csrw	stvec, t0
	call	_start
	call	switch
1:	j	1b
	.size	_entry, . - _entry

	.macro	each insn
	\insn	ra, 8(sp)
	.irp	n, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31
	\insn	x\n, 8 * \n(sp)
	.endr
	.endm

#ifdef UNSIZED
	.section .text.trap, "ax", @progbits
#endif
	.balign	4
	.globl	trap
	.type	trap, @function
trap:	addi	sp, sp, -256
	each	sd
#ifdef GP
	sd	PERCPU_REGISTER, 24(sp)
#endif
	csrr	t0, sepc
	sd	t0, 0(sp)
	mv	a0, sp
	call	HANDLER
	ld	t0, 0(sp)
	csrw	sepc, t0
#if defined GP && GP == 1
	ld	PERCPU_REGISTER, 24(sp)
#elif defined GP
	csrr	t0, sstatus
	andi	t0, t0, 0x100
	bnez	t0, 1f
	ld	PERCPU_REGISTER, 24(sp)
1:
#endif
	each	ld
	addi	sp, sp, 256
	sret
#ifndef UNSIZED
	.size	trap, . - trap
#endif
	.text

	.globl	switch
	.type	switch, @function
switch:	mv	a2, sp
	sd	sp, 0(a0)
	ld	sp, 0(a1)
	.irp	n, 8, 9, 18, 19, 20, 21, 22, 23
	ld	x\n, 8 * \n(a1)
	.endr
#if defined SWITCH && SWITCH == 1
	ld	PERCPU_REGISTER, 24(a1)
#endif
	ret
	.size	switch, . - switch

#ifdef OUTSIDE
	.globl	outside
	.type	outside, @function
outside:
	lw	a0, OUTSIDE(PERCPU_REGISTER)
	ret
	.size	outside, . - outside
#endif

/* SPDX-License-Identifier: MIT */
/*
 * Trap entries, from the kernel and from user mode, that call HANDLER. GP 1: the one from the
 * kernel saves and loads the per-CPU register with the others. SWITCH 1: so does a switch. UNSIZED:
 * nothing tells where it ends, and zeros are behind.
 */
#include <percpu/asm.h>

	.text
	.globl	_entry
	.type	_entry, %function
_entry:	adrp	x0, vectors
	add	x0, x0, :lo12:vectors
	msr	vbar_el1, x0
	bl	_start
	bl	switch
1:	b	1b
	.size	_entry, . - _entry

	.macro	registers insn
	\insn	x0, x1, [sp]
	\insn	x2, x3, [sp, #16]
	\insn	x4, x5, [sp, #32]
	\insn	x6, x7, [sp, #48]
	\insn	x8, x9, [sp, #64]
	\insn	x10, x11, [sp, #80]
	\insn	x12, x13, [sp, #96]
	\insn	x14, x15, [sp, #112]
	\insn	x16, x17, [sp, #128]
	\insn	x29, x30, [sp, #144]
	.endm

	.balign	2048
vectors:
	.rept	8
	.balign	128
	b	from_kernel
	.endr
	.rept	8
	.balign	128
	b	from_user
	.endr

#ifdef UNSIZED
	.section .text.trap, "ax", %progbits
#endif
	.globl	from_kernel
	.type	from_kernel, %function
from_kernel:
	sub	sp, sp, #256
	registers stp
	mrs	x0, elr_el1
#if defined GP && GP == 1
	mrs	x1, tpidr_el1
	str	x1, [sp, #168]
#endif
	str	x0, [sp, #160]!
	mov	x0, sp
	bl	HANDLER
	ldr	x0, [sp], #-160
	msr	elr_el1, x0
#if defined GP && GP == 1
	ldr	x1, [sp, #168]
	msr	tpidr_el1, x1
#endif
	registers ldp
	add	sp, sp, #256
	eret
#ifndef UNSIZED
	.size	from_kernel, . - from_kernel
#endif
	.text

/* Nothing of the kernel's was interrupted: no percpu_restart. */
	.globl	from_user
	.type	from_user, %function
from_user:
	sub	sp, sp, #256
	registers stp
	bl	work
	registers ldp
	add	sp, sp, #256
	eret
	.size	from_user, . - from_user

	.globl	switch
	.type	switch, %function
switch:	ldp	x19, x20, [x1]
	ldp	x21, x22, [x1, #16]
	ldp	x23, x24, [x1, #32]
	ldp	x29, x30, [x1, #48]
	ldp	x2, x3, [x1, #64]
	mov	sp, x2
#if defined SWITCH && SWITCH == 1
	msr	tpidr_el1, x3
#endif
	ret
	.size	switch, . - switch

/* SPDX-License-Identifier: MIT */
/*
 * A trap. GP 1: on its way out it loads the selectors from the frame, %gs too. USER: only traps from
 * user mode come here. SEQUENCES: the kernel has two of its own. SWITCH: there is a context switch
 * that loads GS_BASE, 1 by wrmsr, 2 by wrgsbase; 3: user mode's.
 */
#include <percpu/asm.h>

	.text
	.globl	_entry
	.type	_entry, @function
_entry:	call	_start
	mov	$0xc0000101, %ecx
	wrmsr
1:	jmp	1b
	.size	_entry, . - _entry

	.globl	trap
	.type	trap, @function
trap:	push	%rax
	mov	$3, %eax
	jmp	common
	.size	trap, . - trap

	.type	common, @function
common:
#ifdef USER
	swapgs
#endif
	.irp	register, rcx, rdx, rsi, rdi, r8, r9, r10, r11
	push	%\register
	.endr
	call	HANDLER
#if defined GP && GP == 1
	mov	16(%rsp), %eax
	mov	%eax, %gs
#endif
	.irp	register, r11, r10, r9, r8, rdi, rsi, rdx, rcx, rax
	pop	%\register
	.endr
#ifdef USER
	swapgs
#endif
	iretq
#ifndef UNSIZED
	.size	common, . - common
#endif

#ifdef SWITCH
	.globl	switch
	.type	switch, @function
switch:
	.irp	register, rbx, rbp, r12, r13, r14, r15
	push	%\register
	.endr
	mov	%rsp, (%rdi)
	mov	(%rsi), %rsp
#if SWITCH == 1
	mov	8(%rsi), %eax
	mov	12(%rsi), %edx
	mov	$0xc0000101, %ecx
	wrmsr
#else
	mov	8(%rsi), %rax
#if SWITCH == 3
	swapgs
#endif
	wrgsbase %rax
#if SWITCH == 3
	swapgs
#endif
#endif
	.irp	register, r15, r14, r13, r12, rbp, rbx
	pop	%\register
	.endr
	ret
	.size	switch, . - switch
#endif

#ifdef SEQUENCES
	.irp	name, first, second
	.globl	\name
	.type	\name, @function
\name:
	percpu_sequence_begin \name
	percpu_load	%rax, counter
	incq	%rax
	percpu_store	%rax, counter
	percpu_sequence_end \name
	ret
	.size	\name, . - \name
	.endr
#endif

#ifdef BARE
	.globl	bare
	.type	bare, @function
bare:
#if BARE == 1
	mov	__percpu_near.counter(%rip), %rax
#elif BARE == 2
	lea	__percpu_near.counter(%rip), %rdx
	incq	(%rdx)
#elif BARE == 3
	mov	%edi, __percpu_near.numbers(, %rdi, 4)
#else
	mov	%gs:__percpu_near.counter(%rip), %rax
	mov	%gs:__percpu_near.numbers(, %rdi, 4), %edx
#endif
	ret
	.size	bare, . - bare
#endif

/* SPDX-License-Identifier: MIT */
/* A trap's way out. GP 1: it loads the selectors from the frame, %gs too. */
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
	push	%rcx
	call	HANDLER
#if defined GP && GP == 1
	mov	16(%rsp), %eax
	mov	%eax, %gs
#endif
	pop	%rcx
	pop	%rax
	iretq
	.size	trap, . - trap

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

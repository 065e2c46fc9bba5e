/* SPDX-License-Identifier: 0BSD */
/*
 * Entries of NMI, #DB and #MC that are wrong, for the runs that must fail. Some ask CS whether
 * GS_BASE is the user's, some its sign: that a kernel's is negative is not so, where areas lie
 * above the template.
 */
#include <arch/x86_64/asm.h>

.macro wrong_entry name, vector, sign
func \name
	push	%rax
	push_other_registers
	xor	%ebx, %ebx		/* whether SWAPGS is done: C keeps %rbx */
	.if	\sign
	mov	$MSR_GS_BASE, %ecx
	rdmsr
	test	%edx, %edx
	js	1f
	.else
	testb	$3, FRAME_CS(%rsp)
	jz	1f
	.endif
	inc	%ebx
	swapgs
1:	lfence
	mov	$MSR_GS_BASE, %ecx
	rdmsr
	shl	$32, %rdx
	or	%rax, %rdx
	mov	%rsp, %rdi
	mov	$\vector, %esi
	cld
	call	ist_handle
	test	%ebx, %ebx
	jz	2f
	swapgs
2:	pop_registers
	iretq
endfunc \name
.endm

	.text

wrong_entry asks_cs_debug, VECTOR_DEBUG, 0
wrong_entry asks_cs_nmi, VECTOR_NMI, 0
wrong_entry asks_sign_debug, VECTOR_DEBUG, 1
wrong_entry asks_sign_nmi, VECTOR_NMI, 1

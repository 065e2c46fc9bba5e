/* SPDX-License-Identifier: 0BSD */
/*
 * NMI, #DB, #MC and #DF, once tss_load has given them stacks of their own, by the interrupt stack
 * table (IST) of the CPU's TSS.
 *
 * They ask neither for IF nor for what the kernel is in the middle of: they come between an entry
 * from user mode and its SWAPGS, or between SWAPGS and the return, where CS is the kernel's,
 * GS_BASE the user's, and the stack pointer may be the user's too. Neither CS nor the sign of
 * GS_BASE tells: where areas lie above the template the kernel's own is positive, and the user's
 * may be anything. So these entries ask for nothing: each stack has the kernel's value at its
 * end, and what was in GS_BASE goes back there. So with CR3, where user mode has a page table of
 * its own (kpti.S): this code and the stacks are in both. It nests, as each vector has its own
 * stack.
 *
 * It must not nest with itself: the CPU starts again at the stack's end. It holds NMIs back until
 * the next IRET, whichever that is. So nothing that comes inside the handler of an NMI may return
 * by IRET: ist.c takes it for fatal. A machine check inside another resets the machine
 * (MCG_STATUS.MCIP). There is no branch on what was interrupted, so there is nothing to guess
 * wrongly about GS_BASE, and no LFENCE.
 */
#include "asm.h"

/* On the stack is what the CPU has pushed, and \code: whether that includes an error code. */
.macro ist_entry name, vector, code=0
func \name
	.if	\code
	mov	%rax, (%rsp)		/* a double fault's is always 0 */
	.else
	push	%rax
	.endif
	push_other_registers
	mov	%cr3, %rbp		/* what was there: C keeps %rbp and %rbx */
	mov	FRAME_SIZE + 8(%rsp), %rax	/* cr3 and gs_base of struct ist_stack */
	mov	%rax, %cr3
	mov	$MSR_GS_BASE, %ecx
	rdmsr
	shl	$32, %rdx
	or	%rdx, %rax
	mov	%rax, %rbx
	mov	FRAME_SIZE(%rsp), %eax
	mov	FRAME_SIZE + 4(%rsp), %edx
	wrmsr
	mov	%rsp, %rdi
	mov	$\vector, %esi
	mov	%rbx, %rdx
	cld
	call	ist_handle		/* (frame, vector, what was there) */
	mov	$MSR_GS_BASE, %ecx
	mov	%ebx, %eax
	mov	%rbx, %rdx
	shr	$32, %rdx
	wrmsr
	mov	%rbp, %cr3
	pop_registers
	iretq
endfunc \name
.endm

	.section .text.ist, "ax"
	.balign	4096
	.globl	ist_page
ist_page:

ist_entry ist_debug, VECTOR_DEBUG
	.globl	ist_debug_end
ist_debug_end:
ist_entry ist_nmi, VECTOR_NMI
ist_entry ist_machine_check, VECTOR_MACHINE_CHECK
ist_entry ist_double_fault, VECTOR_DOUBLE_FAULT, code=1

	.org	ist_page + 4096		/* which fails if there is more than this */

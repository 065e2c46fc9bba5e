/* SPDX-License-Identifier: 0BSD */
/*
 * Traps that return: see arch/interrupts.h. The gates lead here once arch_interrupts_init has set
 * them. Neither #BP nor an interrupt pushes an error code, and the CPU aligns the stack to 16 bytes
 * before it pushes (Intel SDM volume 3, "64-Bit Mode Stack Frame").
 *
 * A frame of user mode's comes here by user.S, which has done SWAPGS on the way in. On the way out
 * it is done here.
 */
#include <arch/interrupts.h>

#include "asm.h"

	.text

func interrupt_timer
	push	%rax
	mov	$TRAP_NUMBER_TIMER, %eax
	jmp	handle
endfunc interrupt_timer

func interrupt_breakpoint
	push	%rax
	mov	$TRAP_NUMBER_BREAKPOINT, %eax
	jmp	handle
endfunc interrupt_breakpoint

/* On the stack what the CPU has pushed, then %rax, in which the kind of trap is now. */
func handle
	push_other_registers
	mov	%rsp, %rdi
	mov	%eax, %esi
	cld
	call	trap_handle		/* (frame, kind) */
	mov	%rax, %rsp
	/* Falls through. */
endfunc handle

/* Goes on with the frame that the stack pointer is at. Interrupts are off. */
func frame_resume
	pop_registers
	testb	$3, 8(%rsp)		/* CS */
	jz	1f
	swapgs
1:	iretq
endfunc frame_resume
	.globl	interrupt_end
interrupt_end:

/* The local APIC had an interrupt that it no longer has; this is no end of one. */
func interrupt_spurious
	iretq
endfunc interrupt_spurious

/* While legacy.c takes what the firmware has left, and ends it. */
func interrupt_drained
	iretq
endfunc interrupt_drained

/* By any vector that has no other gate; from user mode too, as the run ends. */
func interrupt_unexpected
	push	$0
	push	$VECTOR_UNEXPECTED
	jmp	trap_common
endfunc interrupt_unexpected

/* A thread's first instructions: %rbx the function, %r12 its argument. */
func thread_start
	mov	%r12, %rdi
	call	*%rbx
	jmp	arch_halt
endfunc thread_start

func arch_breakpoint
	int3
	ret
endfunc arch_breakpoint

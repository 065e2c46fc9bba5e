/* SPDX-License-Identifier: 0BSD */
/*
 * Traps that return: see arch/interrupts.h. The gates lead here once arch_interrupts_init has set
 * them. Neither #BP nor an interrupt pushes an error code, and the CPU aligns the stack to 16 bytes
 * before it pushes (Intel SDM volume 3, "64-Bit Mode Stack Frame").
 *
 * No SWAPGS: it belongs where user mode is left, which these kernels do not have.
 */
#include <arch/interrupts.h>

#include "asm.h"
#include "frame.h"

#define PUSHED_BY_CPU (5 * 8)

.set saved, PUSHED_BY_CPU

.macro save register
	push	%\register
	.set	saved, saved + 8
.endm

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
	.set	saved, saved + 8
	save rbx
	save rcx
	save rdx
	save rsi
	save rdi
	save rbp
	save r8
	save r9
	save r10
	save r11
	save r12
	save r13
	save r14
	save r15
	.if	saved != FRAME_SIZE || FRAME_SIZE % 16
	.error	"a frame is not what is pushed here, or does not keep the stack aligned"
	.endif
	mov	%rsp, %rdi
	mov	%eax, %esi
	cld
	call	trap_handle		/* (frame, kind) */
	mov	%rax, %rsp
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%r11
	pop	%r10
	pop	%r9
	pop	%r8
	pop	%rbp
	pop	%rdi
	pop	%rsi
	pop	%rdx
	pop	%rcx
	pop	%rbx
	pop	%rax
	iretq
endfunc handle

/* The local APIC had an interrupt that it no longer has; this is no end of one. */
func interrupt_spurious
	iretq
endfunc interrupt_spurious

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

/* SPDX-License-Identifier: 0BSD */
/*
 * The border to user mode (arch/user.h). In the kernel GS_BASE is the CPU's, and MSR KERNEL_GS_BASE
 * has the user's value; in user mode it is the other way round. SWAPGS stands at each crossing, so
 * that GS_BASE is the CPU's wherever C runs: on the way out that is in frame_resume.
 *
 * The gates lead here once arch_user_init has set them. The saved CS says whether GS_BASE is the
 * user's. That is right for traps that cannot come between an entry and its SWAPGS, nor between
 * SWAPGS and the return: interrupts are off there, and nothing there faults. What can come there
 * is in ist.S.
 */
#include <arch/user.h>
#include <percpu/asm.h>

#include "asm.h"

	.text

/*
 * With the saved CS at \cs(%rsp): goes on behind if it is the user's, else to \entry. The LFENCEs
 * are for what the CPU does before it knows: a wrong guess would load by the user's GS_BASE where
 * the kernel's is wanted, or the other way round (Intel, "Speculative Behavior of SWAPGS"). AMD
 * says of its CPUs that they do not guess about GS_BASE behind a SWAPGS; LFENCE holds back what
 * follows there if MSR C001_1029 says so, or CPUID 8000_0021h ("LFENCE always serializing").
 */
.macro enter_from_user cs, entry
	testb	$3, \cs(%rsp)
	jz	1f
	swapgs
	lfence
	push	%rax
	percpu_load %rax, user_entries
	inc	%rax
	percpu_store %rax, user_entries
	pop	%rax
	jmp	2f
1:	lfence
	jmp	\entry
2:
.endm

func user_timer
	enter_from_user 8, interrupt_timer
	jmp	interrupt_timer
endfunc user_timer

func user_breakpoint
	enter_from_user 8, interrupt_breakpoint
	jmp	interrupt_breakpoint
endfunc user_breakpoint

/*
 * SYSCALL brings the user here (MSR LSTAR), with RIP in %rcx and RFLAGS in %r11; MSR FMASK has
 * turned interrupts off. The stack pointer is the user's still, whatever that points to: nothing
 * can be pushed until it is not. SWAPGS depends on nothing, so there is nothing to guess.
 */
func syscall_entry
	swapgs
	percpu_store %rsp, user_stack
	percpu_load %rsp, kernel_stack
	push	$GDT_USER_DATA + RING_USER	/* what an interrupt would have pushed, */
	push	$0				/* but for the stack pointer: below */
	push	%r11
	push	$GDT_USER_CODE + RING_USER
	push	%rcx
	push	%rax
	push_other_registers
	percpu_load %rax, user_stack
	mov	%rax, FRAME_RSP(%rsp)
	percpu_load %rax, user_entries
	inc	%rax
	percpu_store %rax, user_entries
	mov	%rsp, %rdi
	mov	$TRAP_NUMBER_SYSTEM_CALL, %esi
	call	trap_handle		/* (frame, kind) */
	cmp	%rax, %rsp
	mov	%rax, %rsp
	jne	frame_resume		/* the kernel goes on with something else */

	/*
	 * Back by SYSRET. RIP is canonical, as it is behind a SYSCALL instruction and no page of the
	 * user's ends where the lower half of the addresses does. If it were not, SYSRET would
	 * fault in the kernel, with the user's stack pointer, on Intel's CPUs.
	 */
	pop_registers
	mov	(%rsp), %rcx		/* RIP */
	mov	16(%rsp), %r11		/* RFLAGS */
	mov	24(%rsp), %rsp
	swapgs
	sysretq
endfunc syscall_entry
	.globl	syscall_end
syscall_end:

/*
 * Exceptions: the kernel's are reported, as before, and the user's are for trap_handle. Each stub
 * makes the frames alike and adds the vector.
 */
exception_stubs user_exceptions, user_exception

func user_exception
	enter_from_user 24, trap_common
	xchg	%rax, (%rsp)
	percpu_store %rax, user_fault_vector
	pop	%rax
	mov	%rax, (%rsp)		/* in the place of the error code: as if pushed behind RIP */
	mov	$TRAP_NUMBER_USER_FAULT, %eax
	jmp	handle
endfunc user_exception
	.globl	user_exception_end
user_exception_end:

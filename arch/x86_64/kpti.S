/* SPDX-License-Identifier: 0BSD */
/*
 * User mode with a page table of its own, which has neither the kernel nor the areas (KPTI, kernel
 * page-table isolation): user.S's ways in and out, with a change of CR3 in each. tables=1 on the
 * command line.
 *
 * SWAPGS makes GS_BASE the CPU's, but no access by it is right before CR3 is the kernel's. Until
 * then an entry has the stack that the TSS gives it, a small one that is in both tables; what the
 * CPU and the entry have pushed is moved from there to the kernel's. On the way out it is the other
 * way round. SYSCALL gives no stack and no free register, only %rip: so its page of code is mapped
 * once for each CPU, each time in front of a page of that CPU's (kpti.c), and MSR LSTAR says where.
 *
 * A MOV to CR3 ends all translations that are not global, and these kernels have no global ones and
 * no PCIDs (CR4.PGE, CR4.PCIDE; Intel SDM volume 3, "Operations that Invalidate TLBs and
 * Paging-Structure Caches"). It also is a serializing instruction: no guess gets past it (volume 3,
 * "Serializing Instructions"), so there is no LFENCE where one stands behind the SWAPGS.
 */
#include <arch/user.h>
#include <percpu/asm.h>

#include "asm.h"
#include "user.h"

/* All by names that are numbers below 4 GiB. */
.macro kernel_table register32, register
	mov	$page_level4, %\register32
	mov	%\register, %cr3
.endm
.macro user_table register32, register
	mov	$kpti_level4, %\register32
	mov	%\register, %cr3
.endm

/* ---- In both tables, at the address that it is linked for ---- */

	.section .text.kpti, "ax"
	.balign	4096
	.globl	kpti_page
kpti_page:

func kpti_timer
	testb	$3, 8(%rsp)		/* CS */
	push	%rax
	mov	$TRAP_NUMBER_TIMER, %eax
	jnz	kpti_enter
	lfence
	jmp	kpti_handle
endfunc kpti_timer

func kpti_breakpoint
	testb	$3, 8(%rsp)
	push	%rax
	mov	$TRAP_NUMBER_BREAKPOINT, %eax
	jnz	kpti_enter
	lfence
	jmp	kpti_handle
endfunc kpti_breakpoint

exception_stubs kpti_exceptions, kpti_exception

func kpti_exception
	testb	$3, 24(%rsp)
	jz	kpti_kernel_exception
	xchg	%rax, 8(%rsp)		/* in the place of the error code: as if pushed behind RIP */
	pop	%rax
	shl	$8, %eax
	or	$TRAP_NUMBER_USER_FAULT, %eax
	jmp	kpti_enter
endfunc kpti_exception

/*
 * On this CPU's entry stack what the CPU has pushed, then %rax, in which the kind of trap is now,
 * and in the bits from 8 on the vector, if it is a fault.
 */
func kpti_enter
	swapgs
	push	%rbx
	mov	%cr3, %rbx
	push	%rbx
	kernel_table ebx, rbx
	pop	%rbx
	percpu_store %rbx, kpti_found
	percpu_load %rbx, user_entries
	inc	%rbx
	percpu_store %rbx, user_entries
	mov	%eax, %ebx
	shr	$8, %ebx
	percpu_store %rbx, user_fault_vector
	movzbl	%al, %eax

	mov	%rsp, %rbx
	percpu_load %rsp, kernel_stack
	.irp	offset, 48, 40, 32, 24, 16, 8	/* SS RSP RFLAGS CS RIP, and %rax */
	push	\offset(%rbx)
	.endr
	mov	(%rbx), %rbx
	jmp	kpti_handle
endfunc kpti_enter

/* The kernel's table, and the stack pointer at a frame of user mode. Interrupts are off. */
func kpti_leave
	pop_registers
	push	%rax
	mov	%rsp, %rax
	percpu_load %rsp, kpti_stack
	.irp	offset, 40, 32, 24, 16, 8, 0
	push	\offset(%rax)
	.endr
	user_table eax, rax
	pop	%rax
	swapgs
	iretq
endfunc kpti_leave

/* It is reported. One of the code above has come with the user's table. */
func kpti_kernel_exception
	kernel_table eax, rax
	jmp	trap_common
endfunc kpti_kernel_exception

/* As interrupt_spurious and interrupt_unexpected. */
func kpti_spurious
	iretq
endfunc kpti_spurious

func kpti_unexpected
	kernel_table eax, rax
	jmp	interrupt_unexpected
endfunc kpti_unexpected

/*
 * The timer's gate with tables=2, to show what must not be: a per-CPU variable is used while the
 * user's table is on.
 */
func kpti_timer_too_early
	testb	$3, 8(%rsp)
	jz	kpti_timer
	swapgs
	lfence
	push	%rax
	percpu_load %rax, user_entries
	ud2
endfunc kpti_timer_too_early

	.org	kpti_page + 4096	/* which fails if there is more than this */

/* ---- In both tables, for each CPU at another address than it is linked for ---- */

	.section .text.kpti_syscall, "ax"
	.balign	4096
	.globl	kpti_syscall_page
kpti_syscall_page:

/* In this CPU's page, which comes behind. */
#define USER_RSP kpti_syscall_page + 4096 + ENTRY_USER_RSP(%rip)

/* As user.S has it for syscall_entry. The stack pointer is the only register to work with. */
func kpti_syscall
	mov	%rsp, USER_RSP
	kernel_table esp, rsp
	mov	$kpti_syscall_entry, %esp
	jmp	*%rsp
endfunc kpti_syscall

/* All registers but the stack pointer are the user's, and the table is the kernel's. */
func kpti_sysret
	user_table esp, rsp
	mov	USER_RSP, %rsp
	swapgs
	sysretq
endfunc kpti_sysret
	.globl	kpti_syscall_end
kpti_syscall_end:

	.org	kpti_syscall_page + 4096

/* ---- In the kernel's table only ---- */

	.text

/* From kpti_syscall: %rsp is nothing yet. */
func kpti_syscall_entry
	swapgs
	percpu_load %rsp, kernel_stack
	push	$GDT_USER_DATA + RING_USER	/* as in syscall_entry */
	push	$0
	push	%r11
	push	$GDT_USER_CODE + RING_USER
	push	%rcx
	push	%rax
	push_other_registers
	percpu_load %rbx, kpti_entry_page
	mov	ENTRY_USER_RSP(%rbx), %rax
	mov	%rax, FRAME_RSP(%rsp)
	percpu_load %rax, user_entries
	inc	%rax
	percpu_store %rax, user_entries
	mov	%rsp, %rdi
	mov	$TRAP_NUMBER_SYSTEM_CALL, %esi
	call	trap_handle		/* (frame, kind) */
	cmp	%rax, %rsp
	mov	%rax, %rsp
	jne	kpti_resume		/* the kernel goes on with something else */

	percpu_load %rbx, kpti_entry_page
	mov	FRAME_RSP(%rsp), %rax
	mov	%rax, ENTRY_USER_RSP(%rbx)
	pop_registers
	mov	(%rsp), %rcx		/* RIP */
	mov	16(%rsp), %r11		/* RFLAGS */
	percpu_load %rsp, kpti_way_out
	jmp	*%rsp
endfunc kpti_syscall_entry

/* As handle in interrupts.S. */
func kpti_handle
	push_other_registers
	mov	%rsp, %rdi
	mov	%eax, %esi
	cld
	call	trap_handle		/* (frame, kind) */
	mov	%rax, %rsp
	/* Falls through. */
endfunc kpti_handle

func kpti_resume
	testb	$3, FRAME_CS(%rsp)
	jz	frame_resume
	jmp	kpti_leave
endfunc kpti_resume
	.globl	kpti_end
kpti_end:

/* SPDX-License-Identifier: 0BSD */
/*
 * The programs of user mode (arch/user.h), on a page of their own; each one's data is its CPU's
 * struct user_block, at the FS base, which the kernel has no use for: so that all general registers
 * can be overwritten, the stack pointer as well.
 */
#include <arch/user.h>

#include "asm.h"
#include "user.h"

	.section .text.user, "ax"
	.balign	4096
	.globl	user_programs
user_programs:

/* How far below its stack pointer a leaf function may keep something (System V ABI). */
#define RED_ZONE 128

/* How often user_rounds looks at a register, for an interrupt to come meanwhile. */
#define LOOKS 50

/* RFLAGS that C does not want, or IRET: AC NT DF; and those that arithmetic sets. */
#define HOSTILE_FLAGS 0x44cd5

/* %rax, %rcx and %r11 are what SYSCALL changes, and where results are. */
#define KEPT rbx, rdx, rsi, rdi, rbp, rsp, r8, r9, r10, r12, r13, r14, r15
#define ALL rax, rcx, r11, KEPT

/* Another value for each. */
.macro fill registers:vararg
number = 0
	.irp	register, \registers
	mov	%fs:BLOCK_PATTERN, %\register
number = number + 1
	lea	number(%\register), %\register
	.endr
.endm

/* The values are those of fill, for the same registers; LEA leaves the flags. */
.macro check registers:vararg
number = 0
	.irp	register, \registers
number = number + 1
	lea	-number(%\register), %\register
	cmp	%fs:BLOCK_PATTERN, %\register
	jne	failed
	lea	number(%\register), %\register
	.endr
.endm

.macro set_hostile_flags
	mov	%fs:BLOCK_STACK, %rsp
	pushq	$HOSTILE_FLAGS
	popfq
.endm

/* Changes %rax. Without WRGSBASE the kernel has set it. */
.macro set_gs_base
	testb	$FLAG_WRGSBASE, %fs:BLOCK_FLAGS
	jz	901f
	mov	%fs:BLOCK_GS_BASE, %rax
	wrgsbase %rax
901:
.endm

.macro check_gs_base
	testb	$FLAG_WRGSBASE, %fs:BLOCK_FLAGS
	jz	901f
	rdgsbase %rax
	cmp	%fs:BLOCK_GS_BASE, %rax
	jne	failed
901:
.endm

.macro exit status
	mov	$\status, %edi
	mov	$USER_CALL_EXIT, %eax
	syscall
.endm

func user_rounds
	movq	$USER_ROUNDS, %fs:BLOCK_ROUND
1:	set_gs_base
	movq	$LOOKS, %fs:BLOCK_COUNT
	set_hostile_flags
	fill	ALL
2:	check	ALL
	decq	%fs:BLOCK_COUNT
	jnz	2b
	mov	$USER_CALL_WORK, %eax
	syscall
	not	%rax
	cmp	%rdi, %rax
	jne	failed
	fill	rax, rcx, r11		/* the first three of ALL: check wants all of it */
	check	ALL
	check_gs_base
	incq	%fs:BLOCK_PATTERN
	decq	%fs:BLOCK_ROUND
	jnz	1b
	exit	0
endfunc user_rounds

func failed
	exit	1
endfunc failed

.macro forbidden name, instruction:vararg
func \name
	set_gs_base
	set_hostile_flags
	fill	ALL
	mov	%fs:BLOCK_PATTERN, %rax
	\instruction
	exit	1
endfunc \name
.endm

forbidden user_read, mov (%rax), %rbx
forbidden user_write, mov %rbx, (%rax)
forbidden user_execute, jmp *%rax
forbidden user_privileged, mov %cr3, %rbx

/*
 * For kernels/swapgs: into the kernel once by each way that there is, an instruction that is not the
 * user's among them, which the kernel skips. What is in the red zone must stay too.
 */
func user_border
	testb	$FLAG_SELECTOR, %fs:BLOCK_FLAGS
	jz	1f
	mov	$GDT_USER_DATA + RING_USER, %eax
	mov	%eax, %gs		/* the descriptor's base */
	mov	%eax, %ds
	xor	%eax, %eax
	mov	%eax, %gs		/* none */
	mov	%eax, %es
1:	set_gs_base
	set_hostile_flags
	fill	ALL
	mov	$USER_CALL_BEGIN, %eax
	syscall
	mov	$USER_CALL_NOTHING, %eax
	syscall
	fill	rax, rcx, r11
	check	ALL
	set_hostile_flags
	fill	ALL
	testb	$FLAG_TIMER, %fs:BLOCK_FLAGS
	jnz	2f
	testb	$FLAG_FAULT, %fs:BLOCK_FLAGS
	jnz	3f
	int3
	jmp	4f
2:	pause
	cmpq	$0, %fs:BLOCK_TICKS
	je	2b
	jmp	4f
3:	hlt
4:	check	ALL

	mov	%fs:BLOCK_STACK, %rsp
	mov	$-RED_ZONE, %rax
5:	mov	%rbx, (%rsp, %rax)
	add	$8, %rax
	jnz	5b
	int3
	mov	$-RED_ZONE, %rax
6:	cmp	%rbx, (%rsp, %rax)
	jne	failed
	add	$8, %rax
	jnz	6b
	check_gs_base
	exit	0
endfunc user_border

	/* An error if they do not fit. */
	.org	user_programs + 4096

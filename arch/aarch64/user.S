/* SPDX-License-Identifier: 0BSD */
/*
 * User mode: the traps that come from it, and the programs that run in it (arch/user.h).
 *
 * User code cannot reach TPIDR_EL1, which is all that finds this CPU's variables, nor SP_EL1, which
 * is the end of the trap stack as long as user code runs: a frame that is gone back to begins below
 * it. But it has SP_EL0 and TPIDR_EL0, and the kernel uses both: they are part of the frame.
 */
#include <arch/user.h>

#include "asm.h"

#define ENTRY_SYNCHRONOUS 4
#define ENTRY_IRQ 5
#define ENTRY_USER_SYNCHRONOUS 8
#define ENTRY_USER_IRQ 9

/*
 * Puts a frame on the stack, counts, and gives TPIDR_EL0 back the CPU's number, for traps in the
 * kernel.
 */
.macro push_user_frame
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp, #FRAME_X(0)]
	save_frame
	mrs	x2, sp_el0
	mrs	x3, tpidr_el0
	stp	x2, x3, [sp, #FRAME_USER_SP]
	percpu_load x2, percpu_cpu_number, x3
	msr	tpidr_el0, x2
	percpu_load x2, user_entries, x3
	add	x2, x2, #1
	percpu_store x2, user_entries, x3, x4
.endm

	.text
	.balign	2048
	.globl	user_vectors
/* VBAR leads here instead of to interrupt_vectors. */
user_vectors:
entry = 0
	.rept	16
	.balign	128
	.if	entry == ENTRY_SYNCHRONOUS
	msr	sp_el0, x0
	b	synchronous
	.elseif	entry == ENTRY_IRQ
	msr	sp_el0, x0
	b	irq
	.elseif	entry == ENTRY_USER_SYNCHRONOUS
	b	user_synchronous
	.elseif	entry == ENTRY_USER_IRQ
	b	user_irq
	.else
	mov	x1, #entry
	b	unexpected
	.endif
entry = entry + 1
	.endr

func user_synchronous
	push_user_frame
	mrs	x0, EL(esr)
	lsr	x0, x0, #26
	mov	x1, #TRAP_NUMBER_SYSTEM_CALL	/* pc is behind the SVC */
	cmp	x0, #CLASS_SVC
	b.eq	handle
	mov	x1, #TRAP_NUMBER_USER_FAULT
	b	handle
endfunc user_synchronous

func user_irq
	push_user_frame
	mov	x1, #TRAP_NUMBER_TIMER
	b	handle
endfunc user_irq

/* TPIDR_EL0 may be user code's. -1 means that this CPU reports already, but only in the kernel. */
func unexpected
	cmp	x1, #ENTRY_USER_SYNCHRONOUS
	b.lo	trap_common
	percpu_load x2, percpu_cpu_number, x3
	msr	tpidr_el0, x2
	b	trap_common
endfunc unexpected

/*
 * ---- What runs in user mode, at another address than it is linked for, in a page of its own ----
 *
 * sp is the end of the stack; below it lies this.
 */
#define USER_SPACE 512
#define USER_X(n) (8 * (n))
#define USER_PATTERN 256
#define USER_VALUE 264
#define USER_LEFT 272			/* rounds to go */
#define NUMBER_OF_TPIDR 31

/* \insn with the number of every register but sp. */
.macro each insn
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
	\insn	\n
	.endr
.endm

/* Register n becomes PATTERN + n, and TPIDR_EL0 VALUE. */
.macro fill_one n
	add	x\n, x30, #\n
.endm
.macro fill
	ldr	x0, [sp, #USER_VALUE]
	msr	tpidr_el0, x0
	ldr	x30, [sp, #USER_PATTERN]
	each	fill_one
.endm

.macro save_one n
	str	x\n, [sp, #USER_X(\n)]
.endm

/* x3 is PATTERN. To wrong, with the register's number + 1 in x0, if it is not what fill made it. */
.macro look_one n
	ldr	x1, [sp, #USER_X(\n)]
	add	x2, x3, #\n
	.if	\n == 0
	mvn	x2, x2			/* the result */
	.elseif	\n == 8
	mov	x2, #USER_CALL_WORK
	.endif
	mov	x0, #\n + 1
	cmp	x1, x2
	b.ne	wrong
.endm

.macro begin
	sub	sp, sp, #USER_SPACE
	stp	x0, x1, [sp, #USER_PATTERN]
.endm

	.section .text.user, "ax"
	.balign	4096
	.globl	user_page
user_page:

/* Each of these: x0 PATTERN, x1 VALUE. */
func user_rounds
	begin
	mov	x0, #USER_ROUNDS
	str	x0, [sp, #USER_LEFT]
1:	fill
	mov	x8, #USER_CALL_WORK
	svc	#0			/* (argument) */
	each	save_one
	ldr	x3, [sp, #USER_PATTERN]
	each	look_one
	ldr	x1, [sp, #USER_VALUE]
	mrs	x2, tpidr_el0
	mov	x0, #NUMBER_OF_TPIDR + 1
	cmp	x1, x2
	b.ne	wrong
	add	x3, x3, x3, lsl #2	/* another pattern */
	str	x3, [sp, #USER_PATTERN]
	ldr	x1, [sp, #USER_LEFT]
	subs	x1, x1, #1
	str	x1, [sp, #USER_LEFT]
	b.ne	1b
	mov	x0, #0
wrong:
	mov	x8, #USER_CALL_EXIT
	svc	#0			/* (0, or what is wrong) */
endfunc user_rounds

func user_read
	begin
	fill
	ldr	x0, [sp, #USER_PATTERN]
	ldr	x1, [x0]
	b	wrong
endfunc user_read

func user_write
	begin
	fill
	ldr	x0, [sp, #USER_PATTERN]
	str	x1, [x0]
	b	wrong
endfunc user_write

func user_execute
	begin
	fill
	ldr	x0, [sp, #USER_PATTERN]
	blr	x0
	b	wrong
endfunc user_execute

func user_privileged
	begin
	fill
	mrs	x1, tpidr_el1
	b	wrong
endfunc user_privileged

	.org	user_page + 4096	/* which fails if there is more than this */

/* SPDX-License-Identifier: 0BSD */
/*
 * User mode: the traps that come from it, and the programs that run in it (arch/user.h).
 *
 * In both modes sscratch is the hart's struct hart, which is nowhere else that user code can write
 * or read: mhartid cannot be asked in S-mode, and gp and tp are user code's. Where a trap came from
 * is in sstatus.SPP, and not told by the value of any register.
 */
#include <arch/user.h>

#include "asm.h"

	.text
	.globl	user_vector_saved

/* stvec leads here instead of to interrupt_vector. */
func user_vector
	csrrw	t0, sscratch, t0
	sd	t1, HART_T1(t0)
	sd	t2, HART_T2(t0)
user_vector_saved:			/* trampoline.S comes here, with the same done */
	csrr	t1, sstatus
	andi	t1, t1, STATUS_PP
	bnez	t1, interrupted_kernel

	sd	sp, HART_USER_SP(t0)
	sd	PERCPU_REGISTER, HART_USER_REGISTER(t0)
	ld	PERCPU_REGISTER, HART_REGISTER(t0)
	ld	sp, HART_TRAP_STACK(t0)
	ld	t1, HART_T1(t0)
	ld	t2, HART_T2(t0)
	csrrw	t0, sscratch, t0

	addi	sp, sp, -FRAME_SIZE
	each_register sd
	csrr	t0, sscratch
	ld	t1, HART_USER_SP(t0)
	ld	t2, HART_USER_REGISTER(t0)
	sd	t1, FRAME_X(2)(sp)
	sd	t2, FRAME_X(PERCPU_REGISTER_NUMBER)(sp)
	csrr	t1, sepc
	csrr	t2, sstatus
	sd	t1, FRAME_PC(sp)
	sd	t2, FRAME_STATUS(sp)

	percpu_load t1, user_entries, t2
	addi	t1, t1, 1
	percpu_store t1, user_entries, t2, t3

	csrr	t1, scause
	li	t2, CAUSE_USER_CALL
	beq	t1, t2, 1f
	li	a1, TRAP_NUMBER_USER_FAULT
	bgez	t1, handle
	slli	t1, t1, 1
	li	t2, 2 * CAUSE_TIMER
	bne	t1, t2, report		/* t0 is this hart's struct hart */
	li	a1, TRAP_NUMBER_TIMER
	j	handle
1:	ld	t1, FRAME_PC(sp)
	addi	t1, t1, 4		/* behind the ECALL */
	sd	t1, FRAME_PC(sp)
	li	a1, TRAP_NUMBER_SYSTEM_CALL
	j	handle
endfunc user_vector

/*
 * ---- What runs in user mode, at another address than it is linked for, in a page of its own ----
 *
 * sp is the end of the stack; below it lies this.
 */
#define USER_SPACE 512
#define USER_PATTERN 256
#define USER_VALUE 264
#define USER_LEFT 272			/* rounds to go */
#define USER_X(n) 8 * n

/* \insn with the number of every register but sp. */
.macro but_sp insn
	.irp	n, 1,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	\insn	\n
	.endr
.endm

/* Register n becomes PATTERN + n; the one in VALUE's place, VALUE, and nothing else in between. */
.macro fill_one n
	.if	\n != 31 && \n != PERCPU_REGISTER_NUMBER
	addi	x\n, x31, \n
	.endif
.endm
.macro fill
	ld	x31, USER_PATTERN(sp)
	but_sp	fill_one
	addi	x31, x31, 31
	ld	PERCPU_REGISTER, USER_VALUE(sp)
.endm

.macro save_one n
	sd	x\n, USER_X(\n)(sp)
.endm

#define NUMBER_OF_a0 10
#define NUMBER_OF_a7 17

/* t0 is PATTERN. To wrong, with the register's number in a0, if it was not what fill made it. */
.macro look_one n
	ld	t1, USER_X(\n)(sp)
	addi	t2, t0, \n
	.if	\n == PERCPU_REGISTER_NUMBER
	ld	t2, USER_VALUE(sp)
	.elseif	\n == NUMBER_OF_a7
	li	t2, USER_CALL_WORK
	.elseif	\n == NUMBER_OF_a0
	not	t2, t2			/* the result */
	.endif
	li	a0, \n
	bne	t1, t2, wrong
.endm

.macro begin
	addi	sp, sp, -USER_SPACE
	sd	a0, USER_PATTERN(sp)
	sd	a1, USER_VALUE(sp)
.endm

	.section .text.user, "ax"
	.option	norelax
	.balign	4096
	.globl	user_page
user_page:

/* Each of these: a0 PATTERN, a1 VALUE. */
func user_rounds
	begin
	li	t0, USER_ROUNDS
	sd	t0, USER_LEFT(sp)
1:	fill
	li	a7, USER_CALL_WORK
	ecall				/* (argument) */
	but_sp	save_one
	ld	t0, USER_PATTERN(sp)
	but_sp	look_one
	slli	t1, t0, 2
	add	t0, t0, t1		/* another pattern */
	sd	t0, USER_PATTERN(sp)
	ld	t0, USER_LEFT(sp)
	addi	t0, t0, -1
	sd	t0, USER_LEFT(sp)
	bnez	t0, 1b
	li	a0, 0
wrong:
	li	a7, USER_CALL_EXIT
	ecall				/* (0, or the number of a register) */
	unimp
endfunc user_rounds

func user_read
	begin
	fill
	ld	t0, USER_PATTERN(sp)
	ld	t1, (t0)
	j	wrong
endfunc user_read

func user_write
	begin
	fill
	ld	t0, USER_PATTERN(sp)
	sd	t1, (t0)
	j	wrong
endfunc user_write

func user_execute
	begin
	fill
	ld	t0, USER_PATTERN(sp)
	jalr	t0
	j	wrong
endfunc user_execute

func user_privileged
	begin
	fill
	csrr	t1, sscratch
	j	wrong
endfunc user_privileged

	.org	user_page + 4096	/* which fails if there is more than this */

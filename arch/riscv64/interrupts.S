/* SPDX-License-Identifier: 0BSD */
/*
 * Traps that return: see arch/interrupts.h. Once a hart uses interrupts, xtvec leads here instead
 * of to trap_vector, and xscratch to its struct hart.
 *
 * Nothing is stored on the stack before the cause is known, and by then xscratch is as it was: if
 * it is sp that is wrong, the store traps, comes here again with another cause, and is reported.
 */
#include <arch/interrupts.h>

#include "asm.h"

	.if	FRAME_STATUS < FRAME_X(31) + 8 || FRAME_SIZE < FRAME_STATUS + 8 || FRAME_SIZE % 16
	.error	"the fields of a frame overlap, or it does not keep sp aligned to 16 bytes"
	.endif

	.text
	.globl	interrupted_kernel

func interrupt_vector
	csrrw	t0, CSR(scratch), t0
	sd	t1, HART_T1(t0)
	sd	t2, HART_T2(t0)
interrupted_kernel:			/* t0 this hart's struct hart, which has t1 and t2 */
	csrr	t1, CSR(cause)
	bgez	t1, 1f
	slli	t1, t1, 1
	li	t2, 2 * CAUSE_TIMER
	bne	t1, t2, report
	j	2f
1:	li	t2, CAUSE_BREAKPOINT
	bne	t1, t2, report
	csrr	t1, CSR(epc)		/* a compiler's __builtin_trap is an EBREAK as well */
	la	t2, breakpoint
	bne	t1, t2, report
2:	ld	t1, HART_T1(t0)
	ld	t2, HART_T2(t0)
	csrrw	t0, CSR(scratch), t0

	addi	sp, sp, -FRAME_SIZE
	each_register sd
	li	a1, TRAP_NUMBER_TIMER
	csrr	t0, CSR(epc)
	csrr	t1, CSR(cause)
	bltz	t1, 3f
	li	a1, TRAP_NUMBER_BREAKPOINT
	la	t0, breakpoint_end
3:	csrr	t1, CSR(status)
	sd	t0, FRAME_PC(sp)
	sd	t1, FRAME_STATUS(sp)
	j	handle
endfunc interrupt_vector

/* sp a frame, a1 the kind of trap. */
func handle
	mv	a0, sp
	call	trap_handle		/* (frame, kind) */
	mv	sp, a0
	ld	t0, FRAME_PC(sp)
	ld	t1, FRAME_STATUS(sp)
	csrw	CSR(epc), t0
	csrw	CSR(status), t1
	/*
	 * A store-conditional, of what is there already: an SC of the thread that goes on must not
	 * succeed by the reservation of another (RISC-V unprivileged specification,
	 * "Load-Reserved/Store-Conditional Instructions").
	 */
	sc.d	zero, t0, (sp)
	li	t2, STATUS_PP
	and	t1, t1, t2
	beqz	t1, 1f
	each_register ld
	addi	sp, sp, FRAME_SIZE
	TRAP_RETURN
1:	csrr	t0, CSR(scratch)
	ld	t0, HART_TO_USER(t0)
	jr	t0
endfunc handle

/* To user mode: interrupts are off, so no other trap sees user code's values here. */
func user_return
	each_register ld
	ld	PERCPU_REGISTER, FRAME_X(PERCPU_REGISTER_NUMBER)(sp)
	ld	sp, FRAME_X(2)(sp)
	TRAP_RETURN
endfunc user_return

/* As if the trap had come to trap_vector: t0 this hart's struct hart. Does not return. */
func report
	ld	t0, HART_NUMBER(t0)
	csrw	CSR(scratch), t0
	tail	trap_vector
endfunc report

/* A thread's first instructions: s0 the function, s1 its argument. */
func thread_start
	mv	a0, s1
	jalr	s0
	tail	arch_halt
endfunc thread_start

func arch_breakpoint
	.option push
	.option norvc
breakpoint:
	ebreak
breakpoint_end:
	.option pop
	ret
endfunc arch_breakpoint

/* SPDX-License-Identifier: 0BSD */
/*
 * User mode with a page table of its own, which has neither the kernel nor the areas: user.S's way
 * in and out, with a change of satp around it. tables=1 on the command line.
 *
 * This page is at the same address in both tables, for the hart fetches the instruction behind the
 * change by the new one; and so is the hart's struct, a page by itself, which sscratch points to in
 * both modes. It is all the memory that may be touched while the user's table is on: two of the
 * user's registers go there, and the kernel's satp comes from there. The per-CPU register is loaded
 * behind the change, by user_vector, and no other instruction here needs it or the stack.
 *
 * An SFENCE.VMA stands behind each write of satp, which neither waits for nor ends anything by
 * itself: both tables have ASID 0, so what was kept of the one is taken for the other's. None has
 * to stand before, as no table is written here, and a write of a CSR comes after all instructions
 * before it that depend on the CSR (RISC-V privileged specification, "Supervisor Address
 * Translation and Protection (satp) Register", "Supervisor Memory-Management Fence Instruction";
 * unprivileged specification, "CSR Access Ordering"). With an ASID for each table both fences can
 * go: then only a change of a table wants one, for its ASID. A pass under QEMU proves none of this:
 * it drops all translations at each write of satp.
 */
#include <arch/user.h>

#include "asm.h"

	.section .text.trampoline, "ax"
	.option	norelax
	.balign	4096
	.globl	trampoline
trampoline:

/*
 * In stvec. Which table is on is asked of satp: a trap that the code below has made itself comes
 * from the kernel with the user's, and is reported as any other.
 */
func trampoline_vector
	csrrw	t0, sscratch, t0
	sd	t1, HART_T1(t0)
	sd	t2, HART_T2(t0)
	csrr	t1, satp
	ld	t2, HART_KERNEL_SATP(t0)
	sd	t1, HART_FOUND_SATP(t0)
	beq	t1, t2, 1f
	csrw	satp, t2
	sfence.vma
1:	j	user_vector_saved
endfunc trampoline_vector

/*
 * sp the frame of user mode, which is the kernel's memory: what is needed behind the change is in
 * registers before it. sscratch has the user's t0 meanwhile.
 */
func trampoline_return
	each_register ld
	ld	PERCPU_REGISTER, FRAME_X(PERCPU_REGISTER_NUMBER)(sp)
	ld	sp, FRAME_X(2)(sp)
	csrrw	t0, sscratch, t0
	sd	t1, HART_T1(t0)
	ld	t1, HART_USER_SATP(t0)
	csrw	satp, t1
	sfence.vma
	ld	t1, HART_T1(t0)
	csrrw	t0, sscratch, t0
	sret
endfunc trampoline_return

/*
 * In stvec with tables=2, to show what must not be: the register is loaded, and used, while the
 * user's table is on. All is as it was when that traps, so it comes to trampoline_vector.
 */
func trampoline_too_early
	csrrw	t0, sscratch, t0
	sd	t1, HART_T1(t0)
	csrr	t1, sstatus
	andi	t1, t1, STATUS_PP
	bnez	t1, 1f
	ld	PERCPU_REGISTER, HART_REGISTER(t0)
	ld	t1, HART_T1(t0)
	csrrw	t0, sscratch, t0
	percpu_store t1, user_entries, t0, t2
1:	ld	t1, HART_T1(t0)
	csrrw	t0, sscratch, t0
	j	trampoline_vector
endfunc trampoline_too_early

	.org	trampoline + 4096	/* which fails if there is more than this */

/* SPDX-License-Identifier: 0BSD */
/*
 * Moving to the higher half. Up to here satp is 0, and every address is physical. Sv39's root table
 * has 512 entries of 1 GiB; the GiB with the kernel gets two of them: its own, in which the
 * instruction after the write of satp is fetched, and the one HIGHER_HALF above. Then the first
 * goes. No device is mapped: the console is behind the firmware, which uses physical addresses.
 *
 * The widest mode is taken that the hart has. Each wider one has a table more above, whose first
 * and last entries lead to what Sv39 has: the same addresses, sign-extended, mean the same. A write
 * of satp with a mode that a hart lacks changes nothing (RISC-V privileged specification,
 * "Supervisor Address Translation and Protection (satp) Register"), so satp is read back. Sv39 is
 * there wherever S-mode has paging at all; where it has none, satp stays 0, and what follows is an
 * access fault at the first high address.
 *
 * A pass under QEMU does not prove the fences: without them, the kernel passes as well.
 */
#include "asm.h"

/* What is added to an address: the upper 256 of the 512 GiB. Reaches memory below 256 GiB. */
#define HIGHER_HALF 0xffffffc000000000
#define ROOT_HIGHER_HALF (256 * 8)

#define SATP_SV57 (10 << 60)		/* ASID 0 */
#define SATP_SV39 (8 << 60)
#define SATP_STEP (1 << 60)
#define PAGE_SIZE 4096
#define PTE_TABLE 1

/*
 * Valid, readable, writable, executable, not global; accessed and dirty are set, for a hart may
 * fault instead of setting them. The page number starts at bit 10, so a GiB's number at bit 28.
 */
#define PTE_MEMORY 0xcf
#define PTE_GIB_SHIFT 28

/* The table \table gets its first and last entries; goes on to the one behind, which they name. */
.macro lead_below table
	add	t1, \table, s3
	srli	t2, t1, 2		/* the page number, at bit 10 */
	addi	t2, t2, PTE_TABLE
	sd	t2, (\table)
	sd	t2, -8(t1)
	mv	\table, t1
.endm

	.text

/* a0 the function to go on with, at its low address. Does not return. */
func arch_enter_higher_half
	li	s0, HIGHER_HALF
	add	s1, a0, s0

	la	t0, kernel_start
	srli	t0, t0, 30		/* the number of its GiB */
	slli	t1, t0, PTE_GIB_SHIFT
	addi	t1, t1, PTE_MEMORY
	la	s2, page_root + ROOT_HIGHER_HALF
	slli	t0, t0, 3
	add	s2, s2, t0
	sd	t1, -ROOT_HIGHER_HALF(s2)
	sd	t1, 0(s2)
	li	s3, PAGE_SIZE
	la	t0, page_roots
	lead_below t0
	lead_below t0
	sfence.vma			/* the stores come before every walk of the tables */

	la	t0, page_roots
	li	t1, SATP_SV57
	li	t2, SATP_STEP
	li	t3, SATP_SV39
1:	srli	t4, t0, 12
	or	t4, t4, t1
	csrw	satp, t4
	csrr	t5, satp
	beq	t4, t5, 2f
	add	t0, t0, s3
	sub	t1, t1, t2
	bgeu	t1, t3, 1b
2:	sfence.vma			/* firmware may have used ASID 0 */
	la	t0, 3f
	add	t0, t0, s0
	jr	t0

3:	csrr	a2, sscratch		/* the CPU number */
	call	prepare_hart		/* vector and stack, by addresses from here: high ones */
	add	s2, s2, s0
	sd	zero, -ROOT_HIGHER_HALF(s2)
	la	t0, page_roots
	sd	zero, (t0)
	add	t0, t0, s3
	sd	zero, (t0)
	sfence.vma			/* orders the store, and drops what was walked before it */
	jr	s1
endfunc arch_enter_higher_half

	.bss
	.balign	4096
page_roots:				/* of Sv57, Sv48 and Sv39 */
	.skip	2 * PAGE_SIZE
page_root:
	.skip	PAGE_SIZE

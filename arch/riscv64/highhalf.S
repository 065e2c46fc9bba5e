/* SPDX-License-Identifier: 0BSD */
/*
 * Moving to the higher half. Up to here satp is 0, and every address is physical. Sv39's root table
 * has 512 entries of 1 GiB; the GiB with the kernel gets two of them: its own, in which the
 * instruction after the write of satp is fetched, and the one HIGHER_HALF above. Then the first
 * goes. No device is mapped: the console is behind the firmware, which uses physical addresses.
 *
 * Sv39 is there wherever a hart's S-mode has paging at all (RISC-V privileged specification); where
 * it has none, satp stays 0, and what follows is an access fault at the first high address.
 *
 * A pass under QEMU does not prove the fences: without them, the kernel passes as well.
 */
#include "asm.h"

/* What is added to an address: the upper 256 of the 512 GiB. Reaches memory below 256 GiB. */
#define HIGHER_HALF 0xffffffc000000000
#define ROOT_HIGHER_HALF (256 * 8)

#define SATP_SV39 (8 << 60)		/* ASID 0 */

/*
 * Valid, readable, writable, executable, not global; accessed and dirty are set, for a hart may
 * fault instead of setting them. The page number starts at bit 10, so a GiB's number at bit 28.
 */
#define PTE_MEMORY 0xcf
#define PTE_GIB_SHIFT 28

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
	sfence.vma			/* the stores come before every walk of the table */
	la	t0, page_root
	srli	t0, t0, 12
	li	t1, SATP_SV39
	or	t0, t0, t1
	csrw	satp, t0
	sfence.vma			/* firmware may have used ASID 0 */
	la	t0, 1f
	add	t0, t0, s0
	jr	t0

1:	csrr	a2, sscratch		/* the CPU number */
	call	prepare_hart		/* vector and stack, by addresses from here: high ones */
	add	s2, s2, s0
	sd	zero, -ROOT_HIGHER_HALF(s2)
	sfence.vma			/* orders the store, and drops what was walked before it */
	jr	s1
endfunc arch_enter_higher_half

	.bss
	.balign	4096
page_root:
	.skip	4096

/* SPDX-License-Identifier: 0BSD */
/*
 * Moving to the higher half, for kernels at EL1: EL2 has one only with the Virtualization Host
 * Extensions, which not every CPU has.
 *
 * mmu.S has turned the MMU on with the board's page_level1 in TTBR0_EL1, which translates the lower
 * half, and none for the upper. Here TTBR1_EL1 gets the same table: the whole identity map becomes
 * visible again, HIGHER_HALF above. Then TTBR0_EL1 gets page_level1_devices, which has no memory,
 * only what the console's pointers need. Both tables are part of the image, so nothing is written
 * that a table walk would have to be kept in order with.
 *
 * The instruction cache is left alone: it may hold the same bytes under both addresses, and they
 * are the same.
 *
 * A pass under QEMU proves neither the ISBs nor the invalidation: without them, the kernel passes
 * as well.
 */
#include "asm.h"

#define HIGHER_HALF 0xffffff8000000000	/* what is added to an address: 39 bits, as in mmu.S */

/* Fields of TCR_EL1 for the upper half, as mmu.S has them for the lower. */
#define TCR_T1SZ ((64 - 39) << 16)
#define TCR_EPD1 (1 << 23)
#define TCR_IRGN1_WBWA (1 << 24)
#define TCR_ORGN1_WBWA (1 << 26)
#define TCR_SH1_INNER (3 << 28)
#define TCR_TG1_4K (2 << 30)		/* not the encoding of TG0, where 4 KiB is 0 */
#define TCR_UPPER (TCR_T1SZ | TCR_IRGN1_WBWA | TCR_ORGN1_WBWA | TCR_SH1_INNER | TCR_TG1_4K)

/*
 * Drops all of this CPU's translations: the blocks are global, so no change of ASID would do. With
 * other CPUs running this would be VMALLE1IS and DSB ISH.
 */
.macro invalidate_tlb
	tlbi	vmalle1
	dsb	nsh
	isb
.endm

	.text

/* x0 the function to go on with, at its low address. Does not return. */
func arch_enter_higher_half
	mov	x20, #HIGHER_HALF
	add	x19, x0, x20

	address	x0, page_level1		/* still a low address, which is the physical one */
	msr	ttbr1_el1, x0
	isb				/* no walk may start from what was in TTBR1 before */
	mrs	x0, tcr_el1
	ldr	x1, =TCR_UPPER
	orr	x0, x0, x1
	bic	x0, x0, #TCR_EPD1
	msr	tcr_el1, x0
	isb
	invalidate_tlb			/* a TLB may keep fields of TCR */
	adr	x0, 1f
	add	x0, x0, x20
	br	x0

1:	mrs	x0, tpidr_el0		/* the CPU number */
	bl	prepare_cpu		/* vectors and stack, by addresses from here: high ones */
	address	x0, page_level1_devices
	sub	x0, x0, x20
	msr	ttbr0_el1, x0
	isb
	invalidate_tlb			/* whatever was walked, also ahead of time, before the ISB */
	br	x19
endfunc arch_enter_higher_half

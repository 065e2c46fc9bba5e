/* SPDX-License-Identifier: 0BSD */
/*
 * Turning the MMU on, with an identity map: the board's page_level1, a table for 512 GiB. It is
 * part of the image, so that no CPU has to write it with the MMU off. Only with the MMU on is
 * memory Normal and inner-shareable, which atomics and coherence between CPUs need.
 *
 * Registers and fields: Arm ARM DDI 0487, "AArch64 System register descriptions".
 */
#include "asm.h"
#include "levels.h"
#include "mmu.h"

#define MAIR (0x00 << (8 * MMU_DEVICE) | 0xff << (8 * MMU_NORMAL))

#define TCR_T0SZ (64 - 39)		/* 39 bits of address: the walk starts at level 1 */
#define TCR_IRGN0_WBWA (1 << 8)		/* table walks are cached */
#define TCR_ORGN0_WBWA (1 << 10)
#define TCR_SH0_INNER (3 << 12)
#define TCR_COMMON (TCR_T0SZ | TCR_IRGN0_WBWA | TCR_ORGN0_WBWA | TCR_SH0_INNER)

/*
 * EL1 translates two ranges of addresses, for itself and EL0. So does EL2 with the Virtualization
 * Host Extensions, HCR_EL2.E2H, with registers and descriptors of the same layout. Without them EL2
 * has one range and a layout of its own. levels.S has set E2H; which it is, is known only here.
 */
#define TCR_EL1_EPD1 (1 << 23)		/* no walks for the upper half */
#define TCR_EL1_SIZE_SHIFT 32		/* of the field for the size of physical addresses */
#define TCR_EL2_RES1 (1 << 31 | 1 << 23)
#define TCR_EL2_SIZE_SHIFT 16
#if PERCPU_IS_EL1
#define TLB_INVALIDATE_ALL vmalle1
#else
#define TLB_INVALIDATE_ALL alle2	/* of EL2's, with and without E2H */
#endif

#define SCTLR_M (1 << 0)
#define SCTLR_C (1 << 2)
#define SCTLR_SA (1 << 3)
#define SCTLR_I (1 << 12)
#define SCTLR_ON (SCTLR_M | SCTLR_C | SCTLR_SA | SCTLR_I)

	.text

/*
 * Needs no stack and reads no memory but its own constants. SCTLR is written whole: at reset, most
 * of its fields are unknown. Clobbers x0 to x3.
 */
func mmu_on
	mrs	x0, id_aa64mmfr0_el1
	and	x0, x0, #7		/* PARange, encoded as TCR's field, up to 48 bits: 5 */
	mov	x1, #5
	cmp	x0, x1
	csel	x0, x0, x1, ls
#if PERCPU_IS_EL2
	mrs	x1, hcr_el2
	tbnz	x1, #HCR_E2H_BIT, 1f
	ldr	x1, =TCR_COMMON | TCR_EL2_RES1
	orr	x1, x1, x0, lsl #TCR_EL2_SIZE_SHIFT
	ldr	x2, =SCTLR_RES1_EL2 | SCTLR_ON
	address	x3, page_level1_el2
	b	2f
#endif
1:	ldr	x1, =TCR_COMMON | TCR_EL1_EPD1
	orr	x1, x1, x0, lsl #TCR_EL1_SIZE_SHIFT
	ldr	x2, =SCTLR_RES1_EL1 | SCTLR_ON
	address	x3, page_level1
2:	mov	x0, #MAIR
	msr	EL(mair), x0
	msr	EL(tcr), x1
	msr	EL(ttbr0), x3
	isb				/* the registers are in use before anything is walked */
	tlbi	TLB_INVALIDATE_ALL	/* whatever ran here before may have left entries */
	ic	iallu
	dsb	nsh
	isb
	msr	EL(sctlr), x2
	isb
	ret
endfunc mmu_on

/*
 * Off, with the data cache: from the next instruction on, which is at the same address, data goes
 * around the caches. Needs no stack. Clobbers x2.
 */
func mmu_off
	mrs	x2, EL(sctlr)
	bic	x2, x2, #SCTLR_M
	bic	x2, x2, #SCTLR_C
	msr	EL(sctlr), x2
	isb
	ret
endfunc mmu_off

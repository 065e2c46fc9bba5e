/* SPDX-License-Identifier: 0BSD */
/*
 * Turning the MMU on, with an identity map: the board's page_level1, a table of 512 blocks of 1 GiB
 * that is part of the image, so that no CPU has to write it. Only with the MMU on is memory Normal
 * and inner-shareable, which atomics and coherence between CPUs need.
 *
 * Registers and fields: Arm ARM DDI 0487, "AArch64 System register descriptions".
 */
#include "asm.h"
#include "mmu.h"

#define MAIR (0x00 << (8 * MMU_DEVICE) | 0xff << (8 * MMU_NORMAL))

#define TCR_T0SZ (64 - 39)		/* 39 bits of address: the walk starts at level 1 */
#define TCR_IRGN0_WBWA (1 << 8)		/* table walks are cached */
#define TCR_ORGN0_WBWA (1 << 10)
#define TCR_SH0_INNER (3 << 12)
#define TCR_COMMON (TCR_T0SZ | TCR_IRGN0_WBWA | TCR_ORGN0_WBWA | TCR_SH0_INNER)

/*
 * SCTLR is written whole: at reset, most of its fields are unknown. RES1 is what reads as 1.
 * EL2 is used with HCR_EL2.E2H 0, that is, without the Virtualization Host Extensions: one range of
 * addresses, and its own layout of TCR.
 */
#if PERCPU_ARM_EL == 1
#define TCR_EPD1 (1 << 23)		/* no walks for the upper half */
#define TCR (TCR_COMMON | TCR_EPD1)
#define TCR_PHYSICAL_SIZE_SHIFT 32
#define SCTLR_RES1 0x30d00800
#define TLB_INVALIDATE_ALL vmalle1
#else
#define TCR_RES1 (1 << 31 | 1 << 23)
#define TCR (TCR_COMMON | TCR_RES1)
#define TCR_PHYSICAL_SIZE_SHIFT 16
#define SCTLR_RES1 0x30c50830
#define TLB_INVALIDATE_ALL alle2
#define HCR_RW (1 << 31)		/* EL1 is AArch64; all else, E2H too, is 0 */
#endif

#define SCTLR_M (1 << 0)
#define SCTLR_C (1 << 2)
#define SCTLR_SA (1 << 3)
#define SCTLR_I (1 << 12)
#define SCTLR (SCTLR_RES1 | SCTLR_M | SCTLR_C | SCTLR_SA | SCTLR_I)

	.text

/* Needs no stack and reads no memory. Clobbers x0, x1. */
func mmu_on
#if PERCPU_ARM_EL == 2
	mov	x0, #HCR_RW
	msr	hcr_el2, x0
	isb
#endif
	mov	x0, #MAIR
	msr	EL(mair), x0
	ldr	x0, =TCR
	mrs	x1, id_aa64mmfr0_el1
	and	x1, x1, #7		/* PARange, encoded as TCR's field, up to 48 bits: 5 */
	cmp	x1, #5
	b.ls	1f
	mov	x1, #5
1:	orr	x0, x0, x1, lsl #TCR_PHYSICAL_SIZE_SHIFT
	msr	EL(tcr), x0
	address	x0, page_level1
	msr	EL(ttbr0), x0
	tlbi	TLB_INVALIDATE_ALL		/* whatever ran here before may have left entries */
	ic	iallu
	dsb	nsh
	isb
	ldr	x0, =SCTLR
	msr	EL(sctlr), x0
	isb
	ret
endfunc mmu_on

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
#define TCR_EPD1 (1 << 23)		/* no walks for the upper half */
#define TCR (TCR_T0SZ | TCR_IRGN0_WBWA | TCR_ORGN0_WBWA | TCR_SH0_INNER | TCR_EPD1)
#define TCR_IPS_SHIFT 32

/* Written whole: at reset, most fields of SCTLR_EL1 are unknown. The constant is what reads as 1. */
#define SCTLR_RES1 0x30d00800
#define SCTLR_M (1 << 0)
#define SCTLR_C (1 << 2)
#define SCTLR_SA (1 << 3)
#define SCTLR_I (1 << 12)
#define SCTLR (SCTLR_RES1 | SCTLR_M | SCTLR_C | SCTLR_SA | SCTLR_I)

	.text

/* Needs no stack and reads no memory. Clobbers x0, x1. */
func mmu_on
	mov	x0, #MAIR
	msr	mair_el1, x0
	ldr	x0, =TCR
	mrs	x1, id_aa64mmfr0_el1
	and	x1, x1, #7		/* PARange, in IPS's encoding up to 48 bits: 5 */
	cmp	x1, #5
	b.ls	1f
	mov	x1, #5
1:	orr	x0, x0, x1, lsl #TCR_IPS_SHIFT
	msr	tcr_el1, x0
	address	x0, page_level1
	msr	ttbr0_el1, x0
	tlbi	vmalle1			/* whatever ran here before may have left entries */
	ic	iallu
	dsb	nsh
	isb
	ldr	x0, =SCTLR
	msr	sctlr_el1, x0
	isb
	ret
endfunc mmu_on

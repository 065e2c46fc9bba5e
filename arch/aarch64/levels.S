/* SPDX-License-Identifier: 0BSD */
/*
 * From the exception level that a CPU is entered at down to the one that the kernel is built for.
 * boot.S calls this first on every CPU, with the MMU off.
 *
 * At reset most fields of these registers are unknown, so each is written whole. A field that is
 * left 0 traps nothing and routes nothing here, which is what is wanted, for nothing is left here
 * that could answer: these levels have no vectors and are not entered again. What a CPU has beyond
 * Armv8.0 (SVE, pointer authentication) is not enabled; these kernels do not use it.
 *
 * Registers and fields: Arm ARM DDI 0487, "AArch64 System register descriptions"; what a kernel may
 * expect of the levels above it: Linux, Documentation/arm64/booting.rst.
 *
 * A pass under QEMU does not prove that a register needs to be written: its reset values are kind.
 * What a CPU's own manual asks of firmware at EL3 (Cortex-A57: CPUECTLR_EL1.SMPEN, before the
 * caches are on; errata) and CNTFRQ_EL0, which QEMU presets, are left as they are.
 */
#include "asm.h"
#include "levels.h"

/* Non-secure, EL2 or EL1 in AArch64 below; HVC and SMC are undefined, since none would answer. */
#define SCR_NS (1 << 0)
#define SCR_RES1 (3 << 4)
#define SCR_SMD (1 << 7)
#define SCR_RW (1 << 10)
#define SCR (SCR_NS | SCR_RES1 | SCR_SMD | SCR_RW)

/*
 * EL1 is AArch64. A kernel at EL2 takes IRQs there; with VHE it is a host (TGE): EL0 is its user
 * mode and EL1 is out of use.
 *
 * CPTR: a kernel at EL2 traps its own use of FP and SIMD, one at EL1 has it from EL2.
 */
#define HCR_IMO (1 << 4)
#define HCR_TGE (1 << 27)
#define HCR_RW (1 << 31)
#define HCR_E2H (1 << HCR_E2H_BIT)
#define CPTR_RES1 0x33ff		/* without VHE */
#define CPTR_TFP (1 << 10)
#define CPTR_VHE_FPEN (3 << 20)
#if PERCPU_IS_EL2
#define HCR (HCR_RW | HCR_IMO)
#define HCR_VHE (HCR_E2H | HCR_TGE)
#define CPTR (CPTR_RES1 | CPTR_TFP)
#define CPTR_VHE 0
#else
#define HCR HCR_RW
#define HCR_VHE HCR_E2H
#define CPTR CPTR_RES1
#define CPTR_VHE CPTR_VHE_FPEN
#endif

/* EL1 may use the physical counter and timer: EL1PCTEN, and EL1PCEN or, with VHE, EL1PTEN. */
#define CNTHCTL_EL1 (3 << 0)
#define CNTHCTL_EL1_VHE (3 << 10)

/* GICv3 is used by system registers, here and at the levels below. */
#define SRE_HERE (1 << 0)
#define SRE_BELOW (1 << 3)

/*
 * Its interrupts have been given to the Non-secure state, in gic.c; and a priority mask that is as
 * it is at reset, 0, or any other Secure value, cannot be changed from there.
 */
#define GIC_MASK_NOTHING 0xff
#define GICD_IGROUPR 0x80
#define GICC_CTLR 0x00
#define GICC_PMR 0x04

/* What ERET goes to: D, A, I and F masked, the level with its own SP. */
#define SPSR_EL1 0x3c5
#define SPSR_EL2 0x3c9

/* By encodings: not every assembler knows the names. */
#define ICC_SRE_EL2 S3_4_C12_C9_5
#define ICC_SRE_EL3 S3_6_C12_C12_5
#define ICC_CTLR_EL3 S3_6_C12_C12_4
#define ICC_PMR_EL1 S3_0_C4_C6_0
#define ICH_HCR_EL2 S3_4_C12_C11_0
#define SCTLR_EL12 S3_5_C1_C0_0
#define HFGRTR_EL2 S3_4_C1_C1_4
#define HFGWTR_EL2 S3_4_C1_C1_5
#define HFGITR_EL2 S3_4_C1_C1_6
#define HFGRTR2_EL2 S3_4_C3_C1_2
#define HFGWTR2_EL2 S3_4_C3_C1_3
#define HFGITR2_EL2 S3_4_C3_C1_7
#define HDFGRTR2_EL2 S3_4_C3_C1_0
#define HDFGWTR2_EL2 S3_4_C3_C1_1
#define HCRX_EL2 S3_4_C1_C2_2
#define SCTLR2_EL2 S3_4_C1_C0_3
#define TCR2_EL2 S3_4_C2_C0_3
#define ID_AA64MMFR3_EL1 S3_0_C0_C7_3
#define HDFGRTR_EL2 S3_4_C3_C1_4
#define HDFGWTR_EL2 S3_4_C3_C1_5

/* \reg = field \shift of ID register \name, 4 bits: 0 if the CPU does not have it. */
.macro id_field reg, name, shift
	mrs	\reg, \name
	ubfx	\reg, \reg, #\shift, #4
.endm

	.text

/*
 * Returns to its caller at EL PERCPU_ARM_EL; at the level it was called at, if no way leads from
 * there to that one. Needs no stack; each level has an sp of its own. Clobbers x0, x1, x2.
 */
func go_down
	mrs	x0, CurrentEL
	cmp	x0, #3 << 2
	b.eq	from_el3
	cmp	x0, #2 << 2
	b.eq	from_el2
	ret
endfunc go_down

/* To EL2 if there is one: QEMU's secure=on without virtualization=on has EL3 and EL1. */
func from_el3
	ldr	x0, =SCR
	msr	scr_el3, x0
	msr	cptr_el3, xzr
	msr	mdcr_el3, xzr
	isb				/* Non-secure: the registers below are this state's */
	id_field x0, id_aa64pfr0_el1, 24	/* GIC */
	cbz	x0, 1f
	mov	x0, #SRE_HERE | SRE_BELOW
	msr	ICC_SRE_EL3, x0
	isb				/* without it, what follows is undefined */
	msr	ICC_CTLR_EL3, xzr	/* EOImode and the rest, of each state */
	mov	x0, #GIC_MASK_NOTHING
	msr	ICC_PMR_EL1, x0
1:	address	x1, gicv2_at_el3	/* written with the MMU off, by the CPU that boots */
	ldp	x1, x2, [x1]		/* distributor, interface */
	cbz	x1, 3f
	mov	w0, #-1
	str	w0, [x1, #GICD_IGROUPR]	/* of this CPU's own interrupts */
	str	wzr, [x2, #GICC_CTLR]
	mov	w0, #GIC_MASK_NOTHING
	str	w0, [x2, #GICC_PMR]
3:	id_field x0, id_aa64pfr0_el1, 8	/* EL2 */
	cbnz	x0, 2f
#if PERCPU_IS_EL1
	ldr	x0, =SCTLR_RES1_EL1
	msr	sctlr_el1, x0
	mov	x0, #SPSR_EL1
	msr	spsr_el3, x0
	msr	elr_el3, x30
	eret
#else
	ret
#endif
2:	msr	hcr_el2, xzr		/* without E2H, or fixed with it, ... */
	isb
	ldr	x0, =SCTLR_RES1_EL2	/* ... and then what only this layout has is RES0 or harmless */
	msr	sctlr_el2, x0
	mov	x0, #SPSR_EL2
	msr	spsr_el3, x0
	adr	x0, at_el2
	msr	elr_el3, x0
	eret
endfunc from_el3

/*
 * Entered here by firmware. What later architectures have added to EL2 is unknown at reset, and
 * firmware lets us write it (booting.rst, "SCR_EL3"). After our own EL3, where the fields of
 * SCR_EL3 that let EL2 have it are 0, it counts as 0, and a write would trap:
 *
 * - fine-grained traps of what EL1 does (FEAT_FGT, FEAT_FGT2);
 * - HCRX_EL2 (FEAT_HCX): among it, whether EL1's SCTLR2 and TCR2 count. They do not.
 * - EL2's own: TCR2_EL2 can give the attributes of pages another meaning (FEAT_S1PIE).
 */
func from_el2
	id_field x0, id_aa64mmfr0_el1, 56	/* FGT: 1, and 2 with FEAT_FGT2 */
	cbz	x0, 2f
	msr	HFGRTR_EL2, xzr
	msr	HFGWTR_EL2, xzr
	msr	HFGITR_EL2, xzr
	msr	HDFGRTR_EL2, xzr
	msr	HDFGWTR_EL2, xzr
	cmp	x0, #2
	b.lo	2f
	msr	HFGRTR2_EL2, xzr
	msr	HFGWTR2_EL2, xzr
	msr	HFGITR2_EL2, xzr
	msr	HDFGRTR2_EL2, xzr
	msr	HDFGWTR2_EL2, xzr
2:	id_field x0, id_aa64mmfr1_el1, 40	/* HCX */
	cbz	x0, 3f
	msr	HCRX_EL2, xzr
3:
#if PERCPU_IS_EL2
	id_field x0, ID_AA64MMFR3_EL1, 0	/* TCRX */
	cbz	x0, 4f
	msr	TCR2_EL2, xzr
4:	id_field x0, ID_AA64MMFR3_EL1, 4	/* SCTLRX */
	cbz	x0, at_el2
	msr	SCTLR2_EL2, xzr
#endif
	/* Goes on below. */
endfunc from_el2

/*
 * E2H is set wherever it exists, also for a kernel at EL1: there are CPUs where it is always 1, so
 * what it changes has to be right in any case.
 */
func at_el2
	ldr	x0, =HCR
	id_field x2, id_aa64mmfr1_el1, 8	/* VH, kept in x2 */
	cbz	x2, 1f
	ldr	x1, =HCR_VHE
	orr	x0, x0, x1
1:	msr	hcr_el2, x0
	isb				/* from here on E2H decides what the others look like */
	ldr	x0, =CPTR
	mov	x1, #CNTHCTL_EL1
	cbz	x2, 2f
	ldr	x0, =CPTR_VHE
	mov	x1, #CNTHCTL_EL1_VHE
2:	msr	cptr_el2, x0
	msr	cnthctl_el2, x1
	msr	cntvoff_el2, xzr	/* the virtual counter is the same on every CPU */
	msr	vttbr_el2, xzr		/* as the VMID is, by which TLB entries are broadcast */
	mrs	x0, midr_el1
	msr	vpidr_el2, x0		/* what EL1 reads as MIDR_EL1 */
	mrs	x0, mpidr_el1
	msr	vmpidr_el2, x0		/* and as MPIDR_EL1 */

	id_field x0, id_aa64dfr0_el1, 8	/* PMUVer, 15 for one that is not Arm's */
	cbz	x0, 3f
	cmp	x0, #15
	mov	x0, #0
	b.eq	3f
	mrs	x0, pmcr_el0
	ubfx	x0, x0, #11, #5		/* N: EL1 has all event counters (HPMN) */
3:	msr	mdcr_el2, x0

	id_field x0, id_aa64pfr0_el1, 24	/* GIC */
	cbz	x0, 4f
	mov	x0, #SRE_HERE | SRE_BELOW
	msr	ICC_SRE_EL2, x0
	isb
	mrs	x0, ICC_SRE_EL2
	tbz	x0, #0, 4f		/* firmware at EL3 keeps the GIC from us: gic.c says so */
	msr	ICH_HCR_EL2, xzr	/* no virtual interrupts */
4:
#if PERCPU_IS_EL1
	ldr	x0, =SCTLR_RES1_EL1
	cbz	x2, 5f
	msr	SCTLR_EL12, x0		/* with E2H, SCTLR_EL1 is this level's own */
	b	6f
5:	msr	sctlr_el1, x0
6:	mov	x0, #SPSR_EL1
	msr	spsr_el2, x0
	msr	elr_el2, x30
	eret
#else
	isb
	ret
#endif
endfunc at_el2

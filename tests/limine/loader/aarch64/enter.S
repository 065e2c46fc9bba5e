/* SPDX-License-Identifier: 0BSD */
/*
 * Leaves a CPU of aarch64 as the Limine boot protocol says ("Machine state at entry"), up to base
 * revision 4: EL1t, which is EL1 on SP_EL0; D, A, I and F masked; four levels of 4 KiB pages on both
 * sides, and nothing mapped in the lower half; all other registers 0. SP_EL1, VBAR_EL1 and TPIDR_EL1
 * are no part of the promise: the first use of one of them faults.
 */
#include <arch/boot.h>

#include <arch/aarch64/asm.h>

#define TCR_SZ_MASK 0x3f
#define TCR_SZ_48 (64 - 48)
#define TCR_EPD1 (1 << 23)
/* T1SZ, IRGN1 and ORGN1 write-back, inner shareable, 4 KiB. */
#define TCR_UPPER (TCR_SZ_48 << 16 | 1 << 24 | 1 << 26 | 3 << 28 | 2 << 30)
#define SPSR_EL1T_MASKED 0x3c4

.macro registers_changed
	isb
	tlbi	vmalle1
	ic	iallu			/* the loader stored the kernel's code */
	dsb	nsh
	isb
.endm

	.text

/* x0 the handover. */
func limine_enter
	ldp	x1, x2, [x0]		/* the table, the entry */
	ldp	x3, x4, [x0, #16]	/* the stack, the argument */
	ldr	x5, [x0, #32]		/* the direct map's offset */
	msr	ttbr1_el1, x1
	isb
	mrs	x6, tcr_el1
	ldr	x7, =TCR_UPPER
	orr	x6, x6, x7
	bic	x6, x6, #TCR_EPD1
	msr	tcr_el1, x6
	registers_changed
	address	x8, no_pages
	adr	x7, 1f
	add	x7, x7, x5
	br	x7

	/* In the direct map: the lower half is not needed any more. */
1:	msr	ttbr0_el1, x8
	bic	x6, x6, #TCR_SZ_MASK
	orr	x6, x6, #TCR_SZ_48
	msr	tcr_el1, x6
	registers_changed
	msr	vbar_el1, xzr
	mov	x6, #0x5a50
	movk	x6, #0x5a5a, lsl #16
	msr	tpidr_el1, x6
	mov	sp, x6			/* SP_EL1: this is EL1h until the ERET */
	msr	sp_el0, x3
	msr	elr_el1, x2
	mov	x6, #SPSR_EL1T_MASKED
	msr	spsr_el1, x6
	mov	x0, x4
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, \
		24, 25, 26, 27, 28, 29, 30
	mov	x\n, xzr
	.endr
	eret
endfunc limine_enter

	.bss
	.balign	4096
no_pages:
	.skip	4096

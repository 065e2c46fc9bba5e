/* SPDX-License-Identifier: MIT */
/*
 * Without firmware, all CPUs enter _start at once, at EL3. QEMU has loaded the kernel, and cleared
 * its .bss. EL1 is secure too, so that the interrupts are the GIC's group 0. Device memory in the
 * first GiB and RAM in the second are mapped one to one, as atomics need.
 */
#include "kernel.h"

	.macro	address register, symbol
	adrp	\register, \symbol
	add	\register, \register, :lo12:\symbol
	.endm

	.section .head, "ax"
	.globl	_start
_start:
	mov	x0, #0x430		/* SCR_EL3: EL1 is in AArch64 state; bits that read as 1 */
	msr	scr_el3, x0
	msr	cptr_el3, xzr
	mov	x0, #0x3c5		/* SPSR: EL1 with its own stack pointer, all masked */
	msr	spsr_el3, x0
	adr	x0, at_el1
	msr	elr_el3, x0
	ldr	x0, =0x30d00800		/* SCTLR_EL1: the bits that read as 1 */
	msr	sctlr_el1, x0
	eret

at_el1:
	mov	x0, #0xff00		/* memory type 0 Device-nGnRnE, 1 Normal write-back */
	msr	mair_el1, x0
	ldr	x0, =0x200803519	/* TCR: T0SZ 25, cached walks, inner-shareable, EPD1, 40 bits */
	msr	tcr_el1, x0
	address	x0, level1
	msr	ttbr0_el1, x0
	tlbi	vmalle1
	dsb	nsh
	isb
	ldr	x0, =0x30d0180d		/* SCTLR_EL1: I, SA, C, M too */
	msr	sctlr_el1, x0
	isb

	mrs	x19, mpidr_el1
	and	x19, x19, #0xff
	msr	tpidr_el1, x19
	address	x0, stacks
	add	x1, x19, #1
	add	x0, x0, x1, lsl #12	/* 4 KiB each, from the top down */
	mov	sp, x0
	address	x0, vectors
	msr	vbar_el1, x0
	isb
	mov	x0, #0x08000000		/* GICD_CTLR, GICC_CTLR, GICC_PMR: all on */
	mov	w1, #1
	mov	w2, #0xff
	str	w1, [x0]
	mov	x0, #0x08010000
	str	w2, [x0, #4]
	str	w1, [x0]
	bl	kernel_main

	.text
	.balign	2048
vectors:
	.rept	16
	b	trap_entry
	.balign	128
	.endr

	.macro	registers operation
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, \
		22, 23, 24, 25, 26, 27, 28, 29, 30
	\operation	x\n, [sp, #8 + 8 * \n]
	.endr
	.endm

trap_entry:
	sub	sp, sp, #34 * 8		/* a multiple of 16 */
	registers str
	mrs	x1, elr_el1
	mrs	x2, spsr_el1
	str	x1, [sp]
	str	x2, [sp, #32 * 8]
	mov	x0, sp
	address	x1, cpus		/* sp = cpus[TPIDR_EL1].trap_stack */
	mrs	x2, tpidr_el1
	add	x1, x1, x2, lsl #CPU_SHIFT
	ldr	x1, [x1, #CPU_TRAP_STACK]
	mov	sp, x1
	bl	trap			/* the frame to go on with */
	mov	sp, x0
	ldr	x1, [sp]
	ldr	x2, [sp, #32 * 8]
	msr	elr_el1, x1
	msr	spsr_el1, x2
	registers ldr
	add	sp, sp, #34 * 8
	eret

	/* Blocks of 1 GiB: valid, accessed; RAM is inner-shareable and of type 1. */
	.section .rodata
	.balign	4096
level1:
	.quad	0x0000000000000401
	.quad	0x0000000040000705
	.skip	510 * 8

	.bss
	.balign	16
stacks:
	.skip	NCPU * 4096

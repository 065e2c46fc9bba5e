/* SPDX-License-Identifier: MIT */
/*
 * The entry of a stranger's kernel for aarch64: a Linux Image, entered at EL1 with the MMU off, at
 * the address that the header asks for and the linker knows nothing of. Device memory in the first
 * GiB and RAM in the second are mapped one to one, as atomics need.
 */
#include <percpu/asm.h>

	.section .head, "ax"
	.globl	_start
_start:
	b	start
	nop
	.quad	0x203000		/* load here, from the start of RAM */
	.quad	bss_end - _start
	.quad	0x2			/* little-endian, 4 KiB pages */
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.word	0

	.macro	address register, symbol
	adrp	\register, \symbol
	add	\register, \register, :lo12:\symbol
	.endm

	.text
start:
	mov	x0, #0xff00		/* memory type 0 Device-nGnRnE, 1 Normal write-back */
	msr	mair_el1, x0
	ldr	x0, =0x200803519	/* TCR: T0SZ 25, cached walks, inner-shareable, EPD1, 40 bits */
	msr	tcr_el1, x0
	address	x0, level1
	msr	ttbr0_el1, x0
	tlbi	vmalle1
	dsb	nsh
	isb
	ldr	x0, =0x30d0180d		/* SCTLR: the bits that read as 1; I, SA, C, M */
	msr	sctlr_el1, x0
	isb

	address	x0, bss_start
	address	x1, bss_end
1:	cmp	x0, x1
	b.hs	2f
	str	xzr, [x0], #8
	b	1b
2:	address	x0, stack_end
	mov	sp, x0
	adr	x0, _start
	bl	stranger_main

	/* struct queue *assembly_counts(void): adds 1 to count; where is queue? */
	.globl	assembly_counts
assembly_counts:
	percpu_load x0, count, x1
	add	x0, x0, #1
	percpu_store x0, count, x1, x2
	percpu_address x0, queue, x1
	ret

	/* Blocks of 1 GiB: valid, accessed; RAM is inner-shareable and of type 1. */
	.section .rodata
	.balign	4096
level1:
	.quad	0x0000000000000401
	.quad	0x0000000040000705
	.skip	510 * 8

	.bss
	.balign	4096
	.skip	16384
stack_end:

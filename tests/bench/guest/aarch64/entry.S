/* SPDX-License-Identifier: MIT */
/*
 * Where the boot loader enters the kernel that counts: notes the counter of the generic timer, and
 * goes on to boot.S in the state that it was entered in. boot.S is as every kernel has it; this
 * comes before it in the image, with a header of its own.
 */
#include <arch/aarch64/asm.h>

	.section .text.entry, "ax"

/* The header of an arm64 Linux Image, as in boot.S. */
	b	bench_entry
	nop
	.quad	0x200000
	.quad	kernel_size
	.quad	0x2
	.quad	0
	.quad	0
	.quad	0
	.ascii	"ARM\x64"
	.word	0

/* x0 the loader's, and the MMU off; clobbers x1, x2. */
func bench_entry
	mrs	x1, cntvct_el0
	address	x2, bench_entered
	str	x1, [x2]
	b	_start
endfunc bench_entry

	/* Not in .bss, which boot.S clears. */
	.data
	.globl	bench_entered
	.balign	8
bench_entered:
	.quad	0

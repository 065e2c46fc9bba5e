/* SPDX-License-Identifier: MIT */
/*
 * Where the firmware enters the kernel that counts, which is at the lowest address of the image:
 * notes the counter of instructions, and goes on to boot.S in the state that it was entered in.
 * boot.S is as every kernel has it. A hart astray comes here too: only the first one's counts.
 */
#include <arch/func.h>

	.section .text.entry, "ax"

/* a0, a1 the firmware's; clobbers t0 to t2. */
func bench_entry
	csrr	t0, instret
	la	t1, bench_entered
	ld	t2, 0(t1)
	bnez	t2, 1f
	sd	t0, 0(t1)
1:	tail	_start
endfunc bench_entry

	/* Not in .bss, which boot.S clears. */
	.data
	.globl	bench_entered
	.balign	8
bench_entered:
	.quad	0

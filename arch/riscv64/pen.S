/* SPDX-License-Identifier: 0BSD */
/*
 * The pen. Without firmware every hart comes to _start at once, in M-mode: one boots, boot.S sends
 * all others here, to wait until level_start_hart (clint.c) lets them go, one by one or all at
 * once. They then do what harts do that SBI's hart_start starts.
 *
 * A hart finds its slot by its id, since it does not know its number. A slot is one aligned
 * doubleword, which cannot be seen half written. The software interrupt that comes after it only
 * ends the WFI: interrupts are off, so it is not taken, and it is pending if it comes between the
 * last look and the WFI, which then does not wait. It stays pending, and nobody enables it again.
 */
#include <arch/boot.h>

#include "asm.h"
#include "pen.h"

	.text

/* Jumped to, as at reset; a0 becomes the id. Goes on at secondary_start, whose fence is the acquire. */
func pen
	csrr	a0, mhartid
	li	t0, 1 << CAUSE_SOFTWARE
	csrw	mie, t0
	li	t1, 1
	slli	t1, t1, PEN_OPEN_BIT
	or	t1, t1, a0
1:	la	t0, pen_slots
	li	t2, MAX_CPUS
2:	ld	t3, (t0)
	beq	t3, t1, secondary_start
	addi	t0, t0, 8
	addi	t2, t2, -1
	bnez	t2, 2b
	wfi
	j	1b
endfunc pen

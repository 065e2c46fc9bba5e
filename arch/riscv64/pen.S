/* SPDX-License-Identifier: 0BSD */
/*
 * The pen. Without firmware every hart comes to _start at once, in M-mode: one boots, boot.S sends
 * all others here, to wait until pen_release (pen.c) lets them go, one by one or all at once.
 *
 * A hart finds its slot by its id, since it does not know its place. What it looks at is one
 * aligned doubleword, which cannot be seen half written. The software interrupt that comes after it
 * only ends the WFI: interrupts are off, so it is not taken, and it is pending if it comes between
 * the last look and the WFI, which then does not wait. It stays pending, and mie keeps it away
 * later.
 */
#include <arch/boot.h>

#include "asm.h"
#include "pen.h"

	.text

/*
 * A hart comes back: a0 its slot, which is still that of a hart that runs. The store is the last
 * that is done by whoever ran here, and nothing uses the stack any more: the fence makes it a
 * release, for pen_status.
 */
func pen_enter_again
	csrw	mie, zero
	fence	rw, w
	li	t0, SLOT_WAITS
	sd	t0, SLOT_HART(a0)
	/* Goes on below. */
endfunc pen_enter_again

/*
 * Jumped to, as at reset; a0 becomes the id. Goes on at PEN_EXIT with a1 the argument, a2 the
 * number of the slot, t4 the address.
 */
func pen
	csrr	a0, mhartid
	li	t0, 1 << CAUSE_SOFTWARE
	csrw	mie, t0
	li	t1, 1
	slli	t1, t1, PEN_OPEN_BIT
	or	t1, t1, a0
1:	la	t0, pen_slots
	li	a2, 0
	li	t2, MAX_CPUS
2:	ld	t3, SLOT_HART(t0)
	beq	t3, t1, 3f
	addi	t0, t0, SLOT_SIZE
	addi	a2, a2, 1
	bne	a2, t2, 2b
	wfi
	j	1b
3:	fence	r, rw			/* the acquire for pen_release */
	csrw	mie, zero
	ld	t4, SLOT_ADDRESS(t0)
	ld	a1, SLOT_ARGUMENT(t0)
	li	t1, SLOT_RUNS
	sd	t1, SLOT_HART(t0)
	j	PEN_EXIT
endfunc pen

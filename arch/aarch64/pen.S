/* SPDX-License-Identifier: 0BSD */
/*
 * The pen. Entered at EL3 there is no firmware, and every CPU comes to _start at once: one boots,
 * boot.S sends all others here, to wait until pen_release (pen.c) lets them go, one by one or all
 * at once. They then do what CPUs do that PSCI or a spin table starts.
 *
 * Who boots is not a race but a rule: the CPU with affinity 0.0.0.0. A race would need an atomic
 * operation, and exclusives are not sure to work on memory that is Device memory, as all is with
 * the MMU off (Arm ARM DDI 0487, "Load-Exclusive and Store-Exclusive instruction usage
 * restrictions"). QEMU's virt machine has this CPU; on a machine without, all would stay here.
 *
 * A CPU finds itself by its affinity, since it does not know its number. It only reads: a slot is
 * one aligned doubleword, which cannot be seen half written, and with the MMU off the read does not
 * look into this CPU's cache, but at the point of coherency, where pen_release has cleaned the slot
 * to. SEV after that sets the event register of a CPU even if it is between its last look and WFE:
 * the WFE then does not wait.
 *
 * A pass under QEMU proves neither the clean nor the order: its memory has no caches, and its WFE
 * need not wait for an event.
 */
#include "asm.h"
#include "pen.h"

	.text

/*
 * A CPU comes back, from the kernel's level, where it stays: there is no way up to EL3 again, and
 * none into the firmware that has a spin table. x0 is its slot, x1 a word for those who ask whether
 * it has come. Does not return; goes on at secondary_at_level.
 *
 * The slot is still open from the last time. It is closed with the caches on, and cleaned, as the
 * next look is around them. Then the word: the STLR is a release for whoever reads it with acquire,
 * and from there on nothing uses the stack. What else this CPU has in its caches stays coherent with
 * the others', for it keeps its power: nothing is cleaned for that. The MMU goes off because
 * secondary_at_level expects it so, and because the kernel's tables need not stay what they are.
 */
func pen_enter_again
	msr	daifset, #0xf
	str	xzr, [x0]
	dc	civac, x0
	dsb	sy
	mov	x2, #1
	stlr	x2, [x1]
	dsb	ish			/* it is seen now, not when this CPU has slept */
	bl	mmu_off
	b	pen
endfunc pen_enter_again

/*
 * Jumped to, at EL3 or by pen_enter_again, MMU off, interrupts masked. Goes on at secondary_start,
 * or, if it has been there, behind the way down: that would write what our own EL3 does not let EL2
 * write (levels.S, from_el2).
 */
func pen
	mpidr_affinity x1
	orr	x1, x1, #1 << PEN_OPEN_BIT
	address	x2, pen_slots
1:	mov	x0, #0
2:	ldr	x3, [x2, x0, lsl #3]
	cmp	x3, x1
	b.eq	3f
	add	x0, x0, #1
	cmp	x0, #MAX_CPUS
	b.lo	2b
	wfe
	b	1b
3:	mrs	x0, CurrentEL
	cmp	x0, #3 << 2
	b.eq	secondary_start
	b	secondary_at_level
endfunc pen

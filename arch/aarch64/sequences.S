/* SPDX-License-Identifier: 0BSD */
/* Restartable sequences: see arch/sequences.h. What they may do is in docs/restart.md. */
#include <arch/func.h>
#include <arch/sequences.h>
#include <percpu/asm.h>

	.text

/* What a trap before the store had loaded is loaded again: the list may be another one. */
func free_list_pop
	percpu_sequence_begin pop
	percpu_load	x0, free_list, x2
	cbz	x0, .Lpop_exit
	ldr	x1, [x0]		/* the node's next */
	percpu_store	x1, free_list, x2, x3
	percpu_sequence_end pop
	ret
endfunc free_list_pop

/*
 * The slot behind the last is nobody's until the head has moved: what is stored there before is as
 * good as not stored.
 */
func ring_push
	percpu_sequence_begin push
	percpu_sequence_publishes push
	percpu_load	x1, ring_head, x5
	percpu_load	x2, ring_tail, x5
	sub	x2, x1, x2
	cmp	x2, #RING_SLOTS
	cset	x4, lo			/* whether there is room */
	b.hs	.Lpush_exit
	percpu_address	x3, ring_slots, x5
	and	x2, x1, #RING_SLOTS - 1
	str	x0, [x3, x2, lsl #3]
	add	x1, x1, #1
	percpu_store	x1, ring_head, x5, x6
	percpu_sequence_end push
	mov	x0, x4
	ret
endfunc ring_push

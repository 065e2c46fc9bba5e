/* SPDX-License-Identifier: 0BSD */
/* Restartable sequences: see arch/sequences.h. What they may do is in docs/restart.md. */
#include <arch/func.h>
#include <arch/sequences.h>
#include <percpu/asm.h>

	.text

/* What a trap before the store had loaded is loaded again: the list may be another one. */
func free_list_pop
	percpu_sequence_begin pop
	percpu_load	a0, free_list, t1
	beqz	a0, .Lpop_exit
	ld	t0, 0(a0)		/* the node's next */
	percpu_store	t0, free_list, t1, t2
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
	percpu_load	t0, ring_head, t4
	percpu_load	t1, ring_tail, t4
	sub	t1, t0, t1
	sltiu	t2, t1, RING_SLOTS	/* whether there is room */
	beqz	t2, .Lpush_exit
	percpu_address	t3, ring_slots, t4
	andi	t1, t0, RING_SLOTS - 1
	slli	t1, t1, 3
	add	t3, t3, t1
	sd	a0, 0(t3)
	addi	t0, t0, 1
	percpu_store	t0, ring_head, t4, t5
	percpu_sequence_end push
	mv	a0, t2
	ret
endfunc ring_push

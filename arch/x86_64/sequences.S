/* SPDX-License-Identifier: 0BSD */
/* Restartable sequences: see arch/sequences.h. What they may do is in docs/restart.md. */
#include <arch/func.h>
#include <arch/sequences.h>
#include <percpu/asm.h>

	.text

/* What a trap before the store had loaded is loaded again: the list may be another one. */
func free_list_pop
	percpu_sequence_begin pop
	percpu_load	%rax, free_list
	testq	%rax, %rax
	jz	.Lpop_exit
	movq	(%rax), %rcx		/* the node's next */
	percpu_store	%rcx, free_list
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
	percpu_load	%rcx, ring_head
	percpu_load	%rsi, ring_tail
	movq	%rcx, %rdx
	subq	%rsi, %rdx
	xorl	%eax, %eax
	cmpq	$RING_SLOTS, %rdx
	jae	.Lpush_exit
	percpu_address	%rdx, ring_slots
	movl	%ecx, %esi
	andl	$(RING_SLOTS - 1), %esi
	movq	%rdi, (%rdx, %rsi, 8)
	incq	%rcx
	incl	%eax			/* there was room */
	percpu_store	%rcx, ring_head
	percpu_sequence_end push
	ret
endfunc ring_push

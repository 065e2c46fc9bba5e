/* SPDX-License-Identifier: 0BSD */
/*
 * Restartable sequences of a kernel's own, as docs/restart.md explains them: what each architecture
 * gives, in sequences.S and sequences.c, and on which per-CPU variables of the kernel.
 */
#ifndef ARCH_SEQUENCES_H
#define ARCH_SEQUENCES_H

#define RING_SLOTS 8

#ifndef __ASSEMBLER__

#include <percpu.h>

/* ---- Given by the kernel ---- */

struct node {
	struct node *next;
};
PERCPU_DECLARE(struct node *, free_list);

/*
 * Values between tail and head, which count up for ever: that of number n is in the slot n modulo
 * RING_SLOTS, a power of two.
 */
PERCPU_DECLARE(uint64_t, ring_head);
PERCPU_DECLARE(uint64_t, ring_tail);
typedef uint64_t ring_slots_t[RING_SLOTS];
PERCPU_DECLARE(ring_slots_t, ring_slots);

PERCPU_DECLARE(uint64_t, pair_first);
PERCPU_DECLARE(uint64_t, pair_second);

/* ---- Given by each architecture. The caller need not be pinned, and interrupts may be on. ---- */

/* Takes the first node from this CPU's list, and returns it; NULL if there is none. */
struct node *free_list_pop(void);

/* Appends VALUE to this CPU's ring. Returns 1, or 0 if it is full. */
uint64_t ring_push(uint64_t value);

/* If this CPU's pair is FIRST and SECOND: its first = VALUE. Returns 1 if it was, or else 0. */
uint64_t pair_store(uint64_t first, uint64_t second, uint64_t value);

#endif
#endif

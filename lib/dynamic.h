/* SPDX-License-Identifier: MIT */
/* Sets of memory for dynamic variables (dynamic.c), and their maps (set.c). */
#ifndef PERCPU_LIB_DYNAMIC_H
#define PERCPU_LIB_DYNAMIC_H

#include <percpu.h>

#include "internal.h"

/* What a variable is made of, in bytes. */
enum { GRANULE = 8 };

struct _percpu_set {
	struct _percpu_set *next;
	uintptr_t offset; /* of the first granule: in an area from its base, a multiple of lines */
	size_t granules;
	size_t free;
	size_t hint;	 /* no piece of free granules is longer; it may be too high */
	uint64_t *used;	 /* a bit for each granule: is in a variable */
	uint64_t *first; /* is the first of one */
};

/* All sets, for whom _percpu_sets_begin has let in. */
struct _percpu_sets {
	struct _percpu_set *first;  /* the reserve, when there is one, is the last */
	struct _percpu_set reserve; /* made by the first _percpu_sets_begin */
	size_t grown;		    /* those but the reserve */
};
extern struct _percpu_sets _percpu_sets LINKER_SYMBOL;

/*
 * Takes the lock of all of it; 0, PERCPU_ENOTREADY (there are no areas), PERCPU_EBUSY (in an NMI
 * that has interrupted who holds it), or PERCPU_EADDRESS (what there is was made at another
 * address).
 */
int _percpu_sets_begin(uintptr_t *flags) LINKER_SYMBOL;
void _percpu_sets_end(uintptr_t flags) LINKER_SYMBOL;

/* CPU's copy of what is at an OFFSET, which may be below 0: no sum of a pointer and a size. */
static inline void *_percpu_copy_at(uintptr_t offset, size_t cpu)
{
	return (void *)((uintptr_t)percpu_area_base(cpu) + offset); /* NOLINT: an address */
}

/* The bytes of the two maps for BYTES, which is not near SIZE_MAX. */
size_t _percpu_set_map_size(size_t bytes) LINKER_SYMBOL;

/* Makes SET, all free; its maps at MAP. */
void _percpu_set_make(struct _percpu_set *set, uintptr_t offset, size_t bytes,
		      void *map) LINKER_SYMBOL;

/*
 * Makes a variable of GRANULES, aligned to ALIGN bytes, and puts its offset into *OFFSET; false if
 * there is no room.
 */
bool _percpu_set_take(struct _percpu_set *set, size_t granules, size_t align,
		      uintptr_t *offset) LINKER_SYMBOL;

/* Ends the variable that begins at OFFSET, which is within the set; false if none does. */
bool _percpu_set_give(struct _percpu_set *set, uintptr_t offset) LINKER_SYMBOL;

/* Whether a variable begins at OFFSET, which is within the set. */
bool _percpu_set_begins(const struct _percpu_set *set, uintptr_t offset) LINKER_SYMBOL;

/* The bytes that it has. */
size_t _percpu_set_size(const struct _percpu_set *set, uintptr_t offset) LINKER_SYMBOL;

/* Whether GRANULES are free in one piece. */
bool _percpu_set_has(const struct _percpu_set *set, size_t granules) LINKER_SYMBOL;

/*
 * 0 if a variable begins there that may have been made of SIZE bytes, or of any number if that is
 * 0; PERCPU_EHANDLE, or what keeps one from looking: PERCPU_EBUSY after so many TRIES, too.
 */
int _percpu_is_variable(uintptr_t handle, size_t size, size_t tries) LINKER_SYMBOL;

/* As _percpu_alloc, of the reserve only. */
int _percpu_alloc_reserved(size_t size, size_t align, uintptr_t *handle) LINKER_SYMBOL;

/* Whether the areas are made, and not by percpu_early_init only. */
#if PERCPU_IS_SMP
#include "smp/areas.h"

static inline bool _percpu_areas_complete(void)
{
	return _percpu_areas.num && !_percpu_areas.early;
}
#else
extern bool _percpu_complete LINKER_SYMBOL;

static inline bool _percpu_areas_complete(void)
{
	return _percpu_complete;
}
#endif

#endif

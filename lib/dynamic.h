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

/* Whether GRANULES are free in one piece. */
bool _percpu_set_has(const struct _percpu_set *set, size_t granules) LINKER_SYMBOL;

/* 0 if a variable begins there; PERCPU_EHANDLE, or what keeps one from looking. */
int _percpu_is_variable(uintptr_t handle) LINKER_SYMBOL;

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

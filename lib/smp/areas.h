/* SPDX-License-Identifier: MIT */
/* What areas.c has for each.c, which makes areas that lie anywhere, and for dynamic.c. */
#ifndef PERCPU_AREAS_H
#define PERCPU_AREAS_H

#include "../internal.h"

/*
 * Where the first area lies is kept as its distance from the template, so that it stays true when
 * the kernel goes on at another virtual address, and template and areas with it. Debuggers read
 * distance and num (tools/percpu_tools/running.py): so it has a symbol of its own, with the
 * configuration, which link-time optimisation may leave in no other.
 */
struct _percpu_areas {
	uintptr_t distance;
	size_t num;
	bool early; /* made by percpu_early_init: CPU 0's only, to be completed */
	bool used;  /* the template is or was an area, and holds initial values no more */
};
extern struct _percpu_areas _percpu_areas PERCPU__API(_percpu_areas) LINKER_SYMBOL;

static inline char *_percpu_first_area(void)
{
	return (char *)(PERCPU__TEMPLATE + _percpu_areas.distance);
}

/*
 * Whether ADDRESS, which may be anything, lies where an area could begin that is one stride from
 * the next. Below the first area the distance is huge, which is past the last.
 */
static inline bool _percpu_on_stride(uintptr_t address)
{
	uintptr_t distance = address - (uintptr_t)_percpu_first_area();

	return _percpu_areas.num && distance <= percpu_areas_size(_percpu_areas.num - 1) &&
	       !(distance & (percpu_area_align() - 1));
}

/* What keeps SIZE bytes at BASE from holding NCPU areas; 0 if nothing does. */
int _percpu_check_areas(const char *base, size_t size, size_t ncpu) LINKER_SYMBOL;

/* Whether SIZE bytes at BASE touch template space, or the area of percpu_early_init. */
static inline bool _percpu_area_in_use(const char *base, size_t size)
{
	char *first = _percpu_first_area();

	return _percpu_overlaps(base, size, _percpu_template(), _percpu_template_end()) ||
	       (_percpu_areas.early &&
		_percpu_overlaps(base, size, first, first + percpu_area_size()));
}

/* Makes CPU's area from the template. */
void _percpu_make_area(char *area, size_t cpu) LINKER_SYMBOL;

/* There are NCPU areas from now on, CPU 0's at BASE; that of percpu_early_init moves there. */
void _percpu_settle(char *base, size_t ncpu) LINKER_SYMBOL;

#endif

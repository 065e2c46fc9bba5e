/* SPDX-License-Identifier: MIT */
/*
 * Sets of memory for dynamic variables that come and go (dynamic.c): what the kernel gives by
 * percpu_grow, if nothing of it is in use, and takes back by percpu_shrink, if nothing is in it.
 */
#include <percpu.h>

#include "dynamic.h"
#include "internal.h"

#if PERCPU_IS_IMAGE

/* Whether BYTES at START touch CPU's area, or its piece of a set. */
static bool is_cpus(const char *start, size_t bytes, size_t cpu)
{
	char *area = percpu_area_base(cpu);

	if (_percpu_overlaps(start, bytes, area, area + percpu_area_size()))
		return true;
	for (struct _percpu_set *set = _percpu_sets.first; set; set = set->next) {
		uintptr_t from = (uintptr_t)area + set->offset;
		uintptr_t to = from + set->granules * GRANULE;

		if ((uintptr_t)start < to && (uintptr_t)start + bytes > from)
			return true;
	}
	return false;
}

/* Whether BYTES at START touch what is kept of a set. */
static bool is_sets(const char *start, size_t bytes, const struct _percpu_set *set)
{
	const char *map = (const char *)set->used;

	return _percpu_overlaps(start, bytes, (const char *)set, (const char *)(set + 1)) ||
	       _percpu_overlaps(start, bytes, map,
				map + _percpu_set_map_size(set->granules * GRANULE));
}

/*
 * Whether BYTES at START are in use already, or wrap around. Nobody else changes the list:
 * percpu_grow and percpu_shrink are called one at a time.
 */
static bool is_taken(const char *start, size_t bytes)
{
	if (_percpu_overlaps(start, bytes, _percpu_template(), _percpu_template_end()))
		return true;
	for (const struct _percpu_set *set = _percpu_sets.first; set; set = set->next)
		if (is_sets(start, bytes, set))
			return true;
	percpu_for_each (cpu)
		if (is_cpus(start, bytes, cpu))
			return true;
	return false;
}

/* Whether CPU's PIECE is below that at BASE though its area is above CPU 0's, or the reverse. */
static bool is_around(uintptr_t base, const char *piece, size_t cpu)
{
	return ((uintptr_t)piece < base) !=
	       ((uintptr_t)percpu_area_base(cpu) < (uintptr_t)percpu_area_base(0));
}

/* Whether handles may be the BYTES from START on. */
static bool are_addresses(uintptr_t start, size_t bytes)
{
	if (start == 0 || start + bytes - 1 < start)
		return false;
#ifdef percpu_arch_register_holds
	return percpu_arch_register_holds(start) && percpu_arch_register_holds(start + bytes - 1);
#else
	return true;
#endif
}

static int check_pieces(uintptr_t base, size_t bytes, const char *map)
{
	uintptr_t offset = base - (uintptr_t)percpu_area_base(0);

	if (is_taken(map, percpu_map_size(bytes)))
		return PERCPU_EOVERLAP;
	percpu_for_each (cpu) {
		const char *start = _percpu_copy_at(offset, cpu);

		if (is_around(base, start, cpu) || is_taken(start, bytes) ||
		    _percpu_overlaps(map, percpu_map_size(bytes), start, start + bytes))
			return PERCPU_EOVERLAP;
	}
	return are_addresses(PERCPU__TEMPLATE + offset, bytes) ? 0 : PERCPU_EADDRESS;
}

static int check_grow(uintptr_t base, size_t bytes, const void *map)
{
	if (!_percpu_areas_complete())
		return PERCPU_ENOTREADY;
	if (!base || bytes == 0 || !map)
		return PERCPU_EINVAL;
	if (PERCPU_IS_SMP && bytes > percpu_area_size())
		return PERCPU_EINVAL;
	if ((base | bytes) % PERCPU_CACHE_LINE || (uintptr_t)map % sizeof(uint64_t))
		return PERCPU_EALIGN;
	return check_pieces(base, bytes, map);
}

int percpu_grow(void *base, size_t bytes, void *map)
{
	uintptr_t offset = (uintptr_t)base - (uintptr_t)percpu_area_base(0), flags;
	struct _percpu_set *set = map;
	/* The list is there first: another CPU's first call does not make it under the checks. */
	int error = _percpu_sets_begin(&flags);

	if (error)
		return error;
	_percpu_sets_end(flags);
	error = check_grow((uintptr_t)base, bytes, map);
	if (error)
		return error;
	_percpu_set_make(set, offset, bytes, set + 1);
	error = _percpu_sets_begin(&flags);
	if (error)
		return error;
	set->next = _percpu_sets.first;
	_percpu_sets.first = set;
	_percpu_sets.grown++;
	_percpu_sets_end(flags);
	return 0;
}

/* Takes the set at OFFSET out of the list, if it may be. */
static int drop(uintptr_t offset)
{
	struct _percpu_set **link = &_percpu_sets.first;

	while (*link && (*link)->offset != offset)
		link = &(*link)->next;
	if (!*link || *link == &_percpu_sets.reserve)
		return PERCPU_EINVAL;
	if ((*link)->free < (*link)->granules)
		return PERCPU_EBUSY;
	*link = (*link)->next;
	_percpu_sets.grown--;
	return 0;
}

int percpu_shrink(void *base)
{
	uintptr_t flags;
	int error = _percpu_sets_begin(&flags);

	if (error)
		return error;
	error = base ? drop((uintptr_t)base - (uintptr_t)percpu_area_base(0)) : PERCPU_EINVAL;
	_percpu_sets_end(flags);
	return error;
}

#if PERCPU_DEBUG
/* In place of the weak one of debug.c. No lock: it is asked of who has a variable there. */
bool _percpu_has_grown(void)
{
	return __atomic_load_n(&_percpu_sets.grown, __ATOMIC_RELAXED);
}
#endif

size_t percpu_map_size(size_t bytes)
{
	if (bytes > SIZE_MAX / 2)
		return SIZE_MAX;
	return sizeof(struct _percpu_set) + _percpu_set_map_size(bytes);
}

#endif

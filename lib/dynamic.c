/* SPDX-License-Identifier: MIT */
/*
 * Variables that are allocated while the kernel runs.
 *
 * A set is a piece of every area, or of memory that lies as the areas do, of which variables are
 * made: the reserve is one, and each percpu_grow makes one. Two bits tell of each 8 bytes, a
 * granule: whether it is in a variable, and whether one begins there. So there is one map for all
 * CPUs, and a variable is found by where it begins alone.
 *
 * One lock is for all. It is held for as long as the map takes, with interrupts off, and never
 * while copies are zeroed: so time with interrupts off does not grow with the number of CPUs.
 */
#include <percpu.h>

#include "dynamic.h"
#include "internal.h"

#if PERCPU_IS_IMAGE

struct _percpu_sets _percpu_sets;
static size_t blocks;
/* Where the template was when the handles that are there were made. */
static uintptr_t anchor;

static uintptr_t lock;

static void make_reserve(void)
{
	uintptr_t start = (uintptr_t)_percpu_reserve_start, end = (uintptr_t)_percpu_reserve_end;

	_percpu_sets.first = NULL;
	if (start == end)
		return;
	_percpu_set_make(&_percpu_sets.reserve, start - PERCPU__TEMPLATE, end - start,
			 _percpu_map_start);
	_percpu_sets.first = &_percpu_sets.reserve;
}

/*
 * Makes what is wanted of the sets possible: the reserve is made by the first call,
 * and made anew when the kernel has gone on at another address while nothing was there.
 */
static int ready(void)
{
	if (anchor == PERCPU__TEMPLATE)
		return 0;
	if (blocks || _percpu_sets.grown)
		return PERCPU_EADDRESS;
	make_reserve();
	anchor = PERCPU__TEMPLATE;
	return 0;
}

/*
 * As _percpu_sets_begin, with so many tries. Before there are areas the register, by which a CPU is
 * known, may hold anything.
 */
static int begin(uintptr_t *flags, size_t tries)
{
	int error = _percpu_check_made();

	if (error)
		return error;
	if (!_percpu_lock(&lock, flags, tries))
		return PERCPU_EBUSY;
	error = ready();
	if (error)
		_percpu_sets_end(*flags);
	return error;
}

int _percpu_sets_begin(uintptr_t *flags)
{
	return begin(flags, NO_BOUND);
}

void _percpu_sets_end(uintptr_t flags)
{
	_percpu_unlock(&lock, flags);
}

/* The set whose granules an OFFSET from the template is in; NULL if there is none. */
static struct _percpu_set *set_of(uintptr_t offset)
{
	struct _percpu_set *set = _percpu_sets.first;

	while (set && offset - set->offset >= set->granules * GRANULE)
		set = set->next;
	return set;
}

static void zero_copies(uintptr_t offset, size_t size)
{
	percpu_for_each (cpu)
		_percpu_zero(_percpu_copy_at(offset, cpu), size);
}

/* Whether SIZE bytes with an alignment can be had at all. */
static int check_size(size_t size, size_t align)
{
	if (size == 0 || align == 0 || align & (align - 1))
		return PERCPU_EINVAL;
	return align > percpu_area_align() ? PERCPU_EALIGN : 0;
}

/*
 * Takes a place of SIZE bytes, in any set or in ONLY; its offset from the template goes to *OFFSET.
 * What is aligned to lines has them for itself.
 */
static int take_place(struct _percpu_set *only, size_t size, size_t align, uintptr_t *offset)
{
	size_t unit = align >= PERCPU_CACHE_LINE ? PERCPU_CACHE_LINE : GRANULE;
	size_t granules = size / GRANULE + (unit - 1 + size % GRANULE) / GRANULE;

	granules &= ~(unit / GRANULE - 1);
	for (struct _percpu_set *set = _percpu_sets.first; set; set = set->next)
		if ((!only || set == only) && _percpu_set_take(set, granules, align, offset)) {
			blocks++;
			return 0;
		}
	return PERCPU_ENOMEM;
}

static int allocate(struct _percpu_set *only, size_t size, size_t align, uintptr_t *handle)
{
	uintptr_t flags, offset;
	int error = check_size(size, align);

	if (!error)
		error = _percpu_sets_begin(&flags);
	if (error)
		return error;
	error = take_place(only, size, align, &offset);
	_percpu_sets_end(flags);
	if (error)
		return error;
	zero_copies(offset, size);
	*handle = PERCPU__TEMPLATE + offset;
	return 0;
}

/* A handle of any type, in the caller's memory. */
typedef volatile uintptr_t any_handle __attribute__((may_alias));

int _percpu_alloc(size_t size, size_t own, size_t align, volatile void *handle)
{
	uintptr_t made;
	int error;

	if (align & (align - 1) || align == 0)
		return PERCPU_EINVAL;
	error = allocate(NULL, size, align > own ? align : own, &made);
	if (!error)
		*(any_handle *)handle = made;
	return error;
}

int _percpu_alloc_reserved(size_t size, size_t align, uintptr_t *handle)
{
	return allocate(&_percpu_sets.reserve, size, align, handle);
}

int _percpu_free(uintptr_t handle)
{
	uintptr_t flags, offset = handle - PERCPU__TEMPLATE;
	struct _percpu_set *set;
	int error = handle ? _percpu_sets_begin(&flags) : 0;

	if (error || !handle)
		return error;
	set = set_of(offset);
	error = set && _percpu_set_give(set, offset) ? 0 : PERCPU_EHANDLE;
	blocks -= !error;
	_percpu_sets_end(flags);
	return error;
}

int _percpu_free_at(volatile void *handle)
{
	int error = _percpu_free(*(any_handle *)handle);

	if (!error)
		*(any_handle *)handle = 0;
	return error;
}

int _percpu_reset_dynamic(uintptr_t handle, size_t size)
{
	uintptr_t area = (uintptr_t)percpu_arch_base();

	_percpu_zero((void *)(area + (handle - PERCPU__TEMPLATE)), size); /* NOLINT: an address */
	return 0;
}

/* ---- What there is ---- */

/* Whether a set has GRANULES that are free and in one piece. */
static bool has_room(size_t granules)
{
	uintptr_t flags;
	bool found = false;

	if (_percpu_sets_begin(&flags))
		return false;
	for (struct _percpu_set *set = _percpu_sets.first; set && !found; set = set->next)
		found = _percpu_set_has(set, granules);
	_percpu_sets_end(flags);
	return found;
}

/* By halves: so no CPU waits for more than one search. */
static size_t largest(size_t free)
{
	size_t granules = 0;

	for (size_t bit = SIZE_MAX / 2 + 1; bit; bit >>= 1)
		if (bit <= free && granules + bit <= free && has_room(granules + bit))
			granules += bit;
	return granules;
}

void percpu_dynamic_info(struct percpu_dynamic_info *info)
{
	uintptr_t flags;

	_percpu_zero(info, sizeof(*info));
	if (_percpu_sets_begin(&flags))
		return;
	info->blocks = blocks;
	for (struct _percpu_set *set = _percpu_sets.first; set; set = set->next) {
		info->size += set->granules * GRANULE;
		info->free += set->free * GRANULE;
		info->sets++;
	}
	_percpu_sets_end(flags);
	info->largest = largest(info->free / GRANULE) * GRANULE;
}

/* Whether the variable at OFFSET may be of SIZE bytes: it has whole granules, or whole lines. */
static bool is_of_size(const struct _percpu_set *set, uintptr_t offset, size_t size)
{
	size_t there = _percpu_set_size(set, offset);

	return there == ((size + GRANULE - 1) & ~(size_t)(GRANULE - 1)) ||
	       there == ((size + PERCPU_CACHE_LINE - 1) & ~(size_t)(PERCPU_CACHE_LINE - 1));
}

int _percpu_is_variable(uintptr_t handle, size_t size, size_t tries)
{
	uintptr_t flags, offset = handle - PERCPU__TEMPLATE;
	struct _percpu_set *set;
	int error = begin(&flags, tries);

	if (error)
		return error;
	set = set_of(offset);
	error = set && _percpu_set_begins(set, offset) && (!size || is_of_size(set, offset, size))
			? 0
			: PERCPU_EHANDLE;
	_percpu_sets_end(flags);
	return error;
}

#if PERCPU_DEBUG
enum { TRIES = 1000 };

/*
 * In an NMI that interrupts a call nothing can be told; nor when another CPU is in one and does not
 * leave it: it may have been stopped, for a percpu_panic that comes here.
 */
void _percpu_check_handle(uintptr_t handle)
{
	int error = _percpu_is_variable(handle, 0, TRIES);

	if (error && error != PERCPU_EBUSY && error != PERCPU_ENOTREADY)
		_percpu_fail("percpu: percpu_at of a handle that is no variable's: it is 0, or has "
			     "been freed, or percpu_alloc did not make it");
}
#endif

#endif

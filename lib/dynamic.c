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

HAS_MORE_ERRORS;

/* The reserve, when there is one, is the last of them. */
static struct _percpu_set *sets, reserve;
static size_t grown; /* sets but the reserve */
static size_t blocks;
/* Where the template was when the handles that are there were made. */
static uintptr_t anchor;

/* 0, or what tells the CPU that holds it. */
static uintptr_t lock;

static uintptr_t template_(void)
{
	return PERCPU__TEMPLATE;
}

/* The calling CPU, by its area: not 0, and found without a search. */
static uintptr_t me(void)
{
	return (uintptr_t)percpu_arch_base() | 1;
}

/*
 * Takes the lock, and puts into *FLAGS what gives it back. Interrupts are off while it is held and
 * for each try, and as they were between tries: who waits hinders no handler. Whoever holds it runs
 * on, for nothing interrupts it but an NMI, and does not wait for anyone. In an NMI that has
 * interrupted the holder waiting would never end: PERCPU_EBUSY.
 */
static int take(uintptr_t *flags)
{
	for (;;) {
		*flags = percpu_arch_irq_save();
		/* Its acquire pairs with the release of give. */
		if (percpu_arch_cas(&lock, 0, me()))
			return 0;
		if (__atomic_load_n(&lock, __ATOMIC_RELAXED) == me()) {
			percpu_arch_irq_restore(*flags);
			return PERCPU_EBUSY;
		}
		percpu_arch_irq_restore(*flags);
		percpu_arch_pause();
	}
}

static void give(uintptr_t flags)
{
	__atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
	percpu_arch_irq_restore(flags);
}

static void make_reserve(void)
{
	uintptr_t start = (uintptr_t)_percpu_reserve_start, end = (uintptr_t)_percpu_reserve_end;

	sets = NULL;
	if (start == end)
		return;
	_percpu_set_make(&reserve, start - template_(), end - start, _percpu_map_start);
	sets = &reserve;
}

/*
 * Makes what is wanted of the sets possible: the reserve is made by the first call, and made anew
 * when the kernel has gone on at another address while nothing was there.
 */
static int ready(void)
{
	if (anchor == template_())
		return 0;
	if (blocks || grown)
		return PERCPU_EADDRESS;
	make_reserve();
	anchor = template_();
	return 0;
}

/* Before there are areas the register, by which a CPU is known, may hold anything. */
static int begin(uintptr_t *flags)
{
	int error = percpu_area_num() ? take(flags) : PERCPU_ENOTREADY;

	if (error)
		return error;
	error = ready();
	if (error)
		give(*flags);
	return error;
}

/* The set whose granules an OFFSET from the template is in; NULL if there is none. */
static struct _percpu_set *set_of(uintptr_t offset)
{
	struct _percpu_set *set = sets;

	while (set && offset - set->offset >= set->granules * GRANULE)
		set = set->next;
	return set;
}

/* CPU's copy of what is at an OFFSET, which may be below 0: no sum of a pointer and a size. */
static void *copy_of(uintptr_t offset, size_t cpu)
{
	return (void *)((uintptr_t)percpu_area_base(cpu) + offset); /* NOLINT: an address */
}

static void zero_copies(uintptr_t offset, size_t size)
{
	percpu_for_each (cpu)
		_percpu_zero(copy_of(offset, cpu), size);
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
	for (struct _percpu_set *set = sets; set; set = set->next)
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
		error = begin(&flags);
	if (error)
		return error;
	error = take_place(only, size, align, &offset);
	give(flags);
	if (error)
		return error;
	zero_copies(offset, size);
	*handle = template_() + offset;
	return 0;
}

int _percpu_alloc(size_t size, size_t own, size_t align, uintptr_t *handle)
{
	if (align & (align - 1) || align == 0)
		return PERCPU_EINVAL;
	return allocate(NULL, size, align > own ? align : own, handle);
}

int _percpu_alloc_reserved(size_t size, size_t align, uintptr_t *handle)
{
	return allocate(&reserve, size, align, handle);
}

int _percpu_free(uintptr_t handle)
{
	uintptr_t flags, offset = handle - template_();
	struct _percpu_set *set;
	int error = handle ? begin(&flags) : 0;

	if (error || !handle)
		return error;
	set = set_of(offset);
	error = set && _percpu_set_give(set, offset) ? 0 : PERCPU_EHANDLE;
	blocks -= !error;
	give(flags);
	return error;
}

int _percpu_reset_dynamic(uintptr_t handle, size_t size)
{
	uintptr_t area = (uintptr_t)percpu_arch_base();

	_percpu_zero((void *)(area + (handle - template_())), size); /* NOLINT: an address */
	return 0;
}

/* ---- Sets that come and go ---- */

/* Whether BYTES at START touch CPU's area, or its piece of a set. */
static bool is_cpus(const char *start, size_t bytes, size_t cpu)
{
	char *area = percpu_area_base(cpu);

	if (_percpu_overlaps(start, bytes, area, area + percpu_area_size()))
		return true;
	for (struct _percpu_set *set = sets; set; set = set->next) {
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
	for (const struct _percpu_set *set = sets; set; set = set->next)
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
		const char *start = copy_of(offset, cpu);

		if (is_around(base, start, cpu) || is_taken(start, bytes) ||
		    _percpu_overlaps(map, percpu_map_size(bytes), start, start + bytes))
			return PERCPU_EOVERLAP;
	}
	return are_addresses(template_() + offset, bytes) ? 0 : PERCPU_EADDRESS;
}

static int check_grow(uintptr_t base, size_t bytes, const void *map)
{
	size_t area = percpu_area_size();

	if (!_percpu_areas_complete())
		return PERCPU_ENOTREADY;
	if (!base || bytes == 0 || !map)
		return PERCPU_EINVAL;
	if (PERCPU_IS_SMP && (bytes > area || area < PERCPU__PAGE))
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
	int error = begin(&flags);

	if (error)
		return error;
	give(flags);
	error = check_grow((uintptr_t)base, bytes, map);
	if (error)
		return error;
	_percpu_set_make(set, offset, bytes, set + 1);
	error = begin(&flags);
	if (error)
		return error;
	set->next = sets;
	sets = set;
	grown++;
	give(flags);
	return 0;
}

/* Takes the set at OFFSET out of the list, if it may be. */
static int drop(uintptr_t offset)
{
	struct _percpu_set **link = &sets;

	while (*link && (*link)->offset != offset)
		link = &(*link)->next;
	if (!*link || *link == &reserve)
		return PERCPU_EINVAL;
	if ((*link)->free < (*link)->granules)
		return PERCPU_EBUSY;
	*link = (*link)->next;
	grown--;
	return 0;
}

int percpu_shrink(void *base)
{
	uintptr_t flags;
	int error = begin(&flags);

	if (error)
		return error;
	error = base ? drop((uintptr_t)base - (uintptr_t)percpu_area_base(0)) : PERCPU_EINVAL;
	give(flags);
	return error;
}

size_t percpu_map_size(size_t bytes)
{
	if (bytes > SIZE_MAX / 2)
		return SIZE_MAX;
	return sizeof(struct _percpu_set) + _percpu_set_map_size(bytes);
}

/* ---- What there is ---- */

/* Whether a set has GRANULES that are free and in one piece. */
static bool has_room(size_t granules)
{
	uintptr_t flags;
	bool found = false;

	if (begin(&flags))
		return false;
	for (struct _percpu_set *set = sets; set && !found; set = set->next)
		found = _percpu_set_has(set, granules);
	give(flags);
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
	if (begin(&flags))
		return;
	info->blocks = blocks;
	for (struct _percpu_set *set = sets; set; set = set->next) {
		info->size += set->granules * GRANULE;
		info->free += set->free * GRANULE;
		info->sets++;
	}
	give(flags);
	info->largest = largest(info->free / GRANULE) * GRANULE;
}

int _percpu_is_variable(uintptr_t handle)
{
	uintptr_t flags, offset = handle - template_();
	struct _percpu_set *set;
	int error = begin(&flags);

	if (error)
		return error;
	set = set_of(offset);
	error = set && _percpu_set_begins(set, offset) ? 0 : PERCPU_EHANDLE;
	give(flags);
	return error;
}

#if PERCPU_DEBUG
/* In an NMI that interrupts a call nothing can be told. */
void _percpu_check_handle(uintptr_t handle)
{
	int error = _percpu_is_variable(handle);

	if (error && error != PERCPU_EBUSY && error != PERCPU_ENOTREADY)
		_percpu_fail("percpu: percpu_at of a handle that is no variable's: it is 0, or has "
			     "been freed, or percpu_alloc did not make it");
}
#endif

#endif

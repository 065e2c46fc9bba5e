/* SPDX-License-Identifier: MIT */
/*
 * Areas that lie anywhere, each in memory of its own: for machines whose memory is near to some
 * CPUs and far from others. In a kernel that calls percpu_init_each, and in no other, what is found
 * by the stride in areas.c is found by the caller's table: the functions there are weak.
 */
#include <percpu.h>

#include "../internal.h"
#include "areas.h"

#if PERCPU_IS_SMP

/* NULL as long as the areas lie one stride apart. GDB reads it (tools/percpu_tools/running.py). */
__attribute__((used)) static void *const *table PERCPU__API(_percpu_area_table);

#if PERCPU_DEBUG
/* Of the table as percpu_init_each has found it. */
static size_t entries, sum;

static size_t sum_of(void *const *areas, size_t n)
{
	size_t all = 0;

	for (size_t i = 0; i < n; i++)
		all = all * 31 + (uintptr_t)areas[i];
	return all;
}

static void note_table(void *const *areas, size_t n)
{
	entries = n;
	sum = sum_of(areas, n);
}

static void check_table(void)
{
	if (table && sum_of(table, entries) != sum)
		_percpu_fail("percpu: the table of percpu_init_each has changed: it stays as it "
			     "is while the areas are in use, so it is not on a stack");
}
#else
static void note_table(void *const *areas, size_t n)
{
	(void)areas;
	(void)n;
}

static void check_table(void)
{
}
#endif

static void *base_of(size_t cpu)
{
	return table ? table[cpu] : _percpu_first_area() + cpu * percpu_area_size();
}

void *percpu_area_base(size_t cpu)
{
	check_table();
	return cpu < _percpu_areas.num ? base_of(cpu) : NULL;
}

/* By the table, for any other address is nothing that may be read. */
void *percpu_get_local_thread_pointer(void)
{
	uintptr_t area = PERCPU_ARCH_AREA(percpu_arch_get_register(), PERCPU__TEMPLATE);

	check_table();
	for (size_t cpu = 0; cpu < _percpu_areas.num; cpu++)
		if ((uintptr_t)base_of(cpu) == area)
			return (void *)area; /* NOLINT: an address */
	return NULL;
}

/* What keeps the area of CPU from lying where AREAS says. */
static int check(void *const *areas, size_t cpu)
{
	char *area = areas[cpu];
	size_t size = percpu_area_size();
	int error;

	if (!area)
		return PERCPU_EINVAL;
	error = _percpu_check_areas(area, SIZE_MAX, 1);
	if (error)
		return error;
	if ((uintptr_t)area & (percpu_area_align() - 1))
		return PERCPU_EALIGN;
	if (_percpu_area_in_use(area, size))
		return PERCPU_EOVERLAP;
	for (size_t other = 0; other < cpu; other++)
		if (_percpu_overlaps(area, size, areas[other], (char *)areas[other] + size))
			return PERCPU_EOVERLAP;
	return 0;
}

static int check_all(void *const *areas, size_t n)
{
	const char *start = (const char *)areas, *end = (const char *)(areas + n);
	int error = 0;

	for (size_t cpu = 0; cpu < n && !error; cpu++) {
		error = check(areas, cpu);
		/* The table stays: it may not be in what is written. */
		if (!error && _percpu_overlaps(areas[cpu], percpu_area_size(), start, end))
			error = PERCPU_EOVERLAP;
	}
	if (!error && n > 1 && _percpu_areas.used)
		error = PERCPU_ENOTEMPLATE;
	return error;
}

WRITES_REGISTER int percpu_init_each(void *const *areas, size_t n)
{
	int error = !areas || n == 0 ? PERCPU_EINVAL : check_all(areas, n);
	uintptr_t flags;

	(void)_percpu_check_made(); /* for the words: see lib/internal.h */
	if (error)
		return error;
	if (!_percpu_sequences_prepare())
		return PERCPU_EORDER;
	for (size_t cpu = _percpu_areas.early ? 1 : 0; cpu < n; cpu++)
		_percpu_make_area(areas[cpu], cpu);
	note_table(areas, n);
	/* No handler is to look for areas between the two. */
	flags = percpu_arch_irq_save();
	table = areas;
	_percpu_settle(areas[0], n);
	percpu_arch_irq_restore(flags);
	return 0;
}

#endif

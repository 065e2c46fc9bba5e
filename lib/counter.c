/* SPDX-License-Identifier: MIT */
/* The slow part of percpu/counter.h, which has the argument. */
#include <percpu.h>

#if PERCPU_IS_IMAGE
#include <percpu/counter.h>

#include "internal.h"

/* Two steps are a batch. The grid has all bits of a count but those within a step. */
static uintptr_t step_of(const struct percpu_counter *counter)
{
	return -counter->grid;
}

int percpu_counter_init(struct percpu_counter *counter, size_t batch)
{
	uintptr_t step = 1;
	int error = counter->part ? PERCPU_EALREADY : percpu_alloc(&counter->part);

	if (error)
		return error;
	while (step <= batch / 4)
		step *= 2;
	counter->grid = -step;
	counter->total = 0;
	return 0;
}

int percpu_counter_fini(struct percpu_counter *counter)
{
	return percpu_free(&counter->part);
}

/* Whether what is owed is one step at most, up or down. */
static bool may_wait(uintptr_t owed, uintptr_t step)
{
	return owed + step <= 2 * step;
}

/*
 * Again only if something changed what is owed in between: a handler, or the caller has moved. It
 * may also have moved to where as much is owed, and that is as good.
 */
void _percpu_counter_cross(struct percpu_counter *counter, uintptr_t before, uintptr_t after)
{
	PERCPU_PTR(struct percpu_counter_part) part = counter->part;
	uintptr_t more = (after & counter->grid) - (before & counter->grid);
	intptr_t owed;
	uintptr_t sum;
	bool waits;

	do {
		owed = percpu_read(percpu_at(part).owed);
		sum = (uintptr_t)owed + more;
		waits = may_wait(sum, step_of(counter));
	} while (percpu_cmpxchg(percpu_at(part).owed, owed, waits ? (intptr_t)sum : 0) != owed);
	if (!waits)
		_percpu_add_shared(&counter->total, sum);
}

size_t percpu_counter_error(const struct percpu_counter *counter)
{
	size_t error;

	return __builtin_mul_overflow(percpu_area_num(), 2 * step_of(counter), &error) ? SIZE_MAX
										       : error;
}

intptr_t percpu_counter_sum(const struct percpu_counter *counter)
{
	PERCPU_PTR(struct percpu_counter_part) part = counter->part;

	return (intptr_t)percpu_sum(percpu_at(part).count);
}

#endif

/* SPDX-License-Identifier: 0BSD */
/*
 * What lies outside the areas in use and must stay as it is: the template, the areas reserved for
 * CPUs that this machine does not have, and what the linker put before and after all of it.
 */
#include "smp.h"

#define PATTERN UINT64_C(0xa5a5a5a5a5a5a5a5)

static uint64_t guard_before[8] __attribute__((section(".guard.before"), used)) = {1};
static uint64_t guard_after[8] __attribute__((section(".bss.guard_after"), used));

static uint64_t template_sum; /* as it was */

/* Position-dependent, so that two exchanged bytes show. */
static uint64_t sum_of(const char *from, const char *to)
{
	uint64_t sum = 0;

	while (from < to)
		sum = sum * 31 + (unsigned char)*from++;
	return sum;
}

static char *first_area(void)
{
	return percpu_area_base(0);
}

/* The template and what is between it and the areas; nothing, where it is one of them. */
static uint64_t sum_of_template(void)
{
	return AREA_0_IS_TEMPLATE ? 0 : sum_of((char *)PERCPU__TEMPLATE, first_area());
}

/* Behind the last area in use; the unused ones go on up to guard_after. */
static uint64_t *areas_end(void)
{
	return (uint64_t *)(first_area() + percpu_areas_size(percpu_area_num()));
}

/* By words: it is megabytes, where there is room for many CPUs. */
static void fill(uint64_t *from, const uint64_t *to)
{
	while (from < to)
		*from++ = PATTERN;
}

static bool filled(const uint64_t *from, const uint64_t *to)
{
	while (from < to)
		if (*from++ != PATTERN)
			return false;
	return true;
}

void outside_remember(void)
{
	template_sum = sum_of_template();
	fill(guard_before, guard_before + 8);
	fill(areas_end(), guard_after + 8);
}

const char *outside_changed(void)
{
	if (template_sum != sum_of_template())
		return "the template";
	if (!filled(guard_before, guard_before + 8))
		return "what lies before the template";
	if (!filled(areas_end(), guard_after + 8))
		return "what lies behind the last area";
	return NULL;
}

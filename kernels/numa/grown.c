/* SPDX-License-Identifier: 0BSD */
#include "grown.h"

#include <kernels/common/kernel.h>

#if PERCPU_IS_IMAGE

static PERCPU_PTR(uint64_t) count;
static uint64_t map[64]; /* percpu_map_size asks for less */

void grown_init(void)
{
	char *base = (char *)percpu_area_base(0) + percpu_area_size();
	int error = percpu_map_size(GROWN_SIZE) <= sizeof(map) ? percpu_grow(base, GROWN_SIZE, map)
							       : PERCPU_ENOSPC;

	if (!error)
		error = percpu_alloc(&count);
	if (!tap_ok(!error,
		    "percpu_grow takes what lies behind each area, and percpu_alloc of it: %s",
		    percpu_strerror(error)))
		tap_bail_out("cpu 0: no CPU has a place to count in");
}

void grown_count(void)
{
	percpu_inc(percpu_at(count));
}

void grown_report(uint64_t rounds, size_t online)
{
	size_t right = 0;

	for (size_t cpu = 0; cpu < cpu_count; cpu++) {
		uintptr_t at = (uintptr_t)percpu_ptr_on(percpu_at(count), cpu);

		right += at - (uintptr_t)percpu_area_base(cpu) - percpu_area_size() < GROWN_SIZE;
	}
	tap_ok(right == cpu_count && percpu_sum(percpu_at(count)) == rounds * online,
	       "each CPU has counted behind its area: %lu in all", percpu_sum(percpu_at(count)));
}

#else

void grown_init(void)
{
}

void grown_count(void)
{
}

void grown_report(uint64_t rounds, size_t online)
{
	(void)rounds;
	(void)online;
}

#endif

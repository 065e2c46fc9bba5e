/* SPDX-License-Identifier: 0BSD */
#include "refused.h"

#include <kernels/common/kernel.h>

extern char _percpu_load_start[]; /* percpu.ld: the template */

/* One more than there are CPUs: an area that a single CPU's could overlap. */
static void *list[MAX_CPUS + 1];

static void refused(void *const *areas, size_t n, int expected, const char *what)
{
	size_t num = percpu_area_num();
	void *base = percpu_area_base(0);
	int error = percpu_init_each(areas, n);

	tap_ok(error == expected && percpu_area_num() == num && percpu_area_base(0) == base &&
		       all_untouched(),
	       "percpu_init_each refuses %s, and changes nothing: %s", what,
	       percpu_strerror(error));
}

/* A list of N areas and, behind them, LAST. */
static void refused_last(size_t n, void *last, int expected, const char *what)
{
	list[n] = last;
	refused(list, n + 1, expected, what);
}

void report_refusals(void *const *areas, size_t n)
{
	char *last = areas[n - 1];

	for (size_t i = 0; i < n; i++)
		list[i] = areas[i];
	refused(areas, 0, PERCPU_EINVAL, "no CPUs");
	refused(NULL, n, PERCPU_EINVAL, "no list");
	refused_last(n - 1, NULL, PERCPU_EINVAL, "a list with NULL in it");
	refused_last(n - 1, last + 8, PERCPU_EALIGN, "an area that is not aligned");
	list[n - 1] = last;
	refused_last(n, areas[0], PERCPU_EOVERLAP, "two areas at the same place");
	refused_last(n, last + percpu_area_align(), PERCPU_EOVERLAP, "areas that overlap");
	if (!EARLY)
		return;
	refused_last(n, _percpu_load_start, PERCPU_EOVERLAP, "an area on the template");
	refused_last(n, percpu_area_base(0), PERCPU_EOVERLAP, "an area on that of CPU 0");
}

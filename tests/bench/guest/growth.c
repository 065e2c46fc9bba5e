/* SPDX-License-Identifier: MIT */
/*
 * What concerns all CPUs, for a number of areas that the command line gives. Only the boot CPU
 * runs: an area needs no CPU.
 */
#include "bench.h"

static PERCPU_DEFINE(uint64_t, summed);

static uint64_t sum(void)
{
	return percpu_sum(summed);
}

static uint64_t for_each(void)
{
	uint64_t total = 0;

	percpu_for_each (cpu)
		total += cpu;
	return total;
}

void bench_growth(size_t areas)
{
	uint64_t start = instructions();
	int error = percpu_init(areas);
	uint64_t init = instructions() - start;

	if (error || (error = percpu_set_local_thread_pointer(0)))
		tap_bail_out("cpu 0: bench: %zu areas: %s", areas, percpu_strerror(error));
	percpu_for_each (cpu)
		percpu_write_on(summed, cpu, cpu + 1);
	tap_ok(sum() == areas * (areas + 1) / 2, "percpu_sum works");
	bench_report("all", "area_size", percpu_area_size());
	bench_report("all", "init", init);
	bench_report("all", "sum", bench_one((operation)sum, 0, 0, 0));
	bench_report("all", "for_each", bench_one((operation)for_each, 0, 0, 0));
}

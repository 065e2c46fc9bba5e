/* SPDX-License-Identifier: MIT */
/*
 * What workloads make of the reserve: how much of what is free is one piece, and what is refused
 * though there would be room. Random ones, at several loads; and a recorded one (trace.py).
 */
#include "dynamic.h"

#include <stdio.h>

enum { BLOCKS = 4096, CALLS = 40000 };

static struct {
	uintptr_t handle;
} blocks[BLOCKS];

static uint64_t state;

static size_t below(size_t bound)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(state >> 33) % bound;
}

static struct percpu_dynamic_info info(void)
{
	struct percpu_dynamic_info now;

	percpu_dynamic_info(&now);
	return now;
}

static void end_one(size_t i)
{
	end(blocks[i].handle);
	blocks[i].handle = 0;
}

static void end_all(void)
{
	for (size_t i = 0; i < BLOCKS; i++)
		if (blocks[i].handle)
			end_one(i);
}

/* Counters mostly, some structures, few large ones. */
static size_t some_size(void)
{
	size_t kind = below(16);

	return kind < 8 ? 4 : kind < 12 ? 8 : kind < 15 ? 16 + below(240) : 256 + below(769);
}

struct outcome {
	size_t allocs, frees, refused;
	double alloc[CALLS], free[CALLS]; /* ns */
};

static void make_one(size_t i, struct outcome *o)
{
	size_t size = some_size();
	uint64_t start = now();

	blocks[i].handle = make(size, 1);
	o->alloc[o->allocs++] = (double)(now() - start);
	o->refused += !blocks[i].handle;
}

/* Calls that keep the reserve LOAD hundredths full. The clock is in the times, some 20 ns. */
static void run_random(size_t load)
{
	static struct outcome o;
	struct percpu_dynamic_info last = info();
	size_t used;

	o.allocs = o.frees = o.refused = 0;
	state = load;
	for (size_t call = 0; call < CALLS; call++) {
		size_t i = below(BLOCKS);
		uint64_t start;

		/* Not by percpu_dynamic_info at each: it looks for the largest piece too. */
		if (call % 64 == 0)
			last = info();
		used = (last.size - last.free) * 100 / last.size;
		if (blocks[i].handle && (used >= load || below(8) == 0)) {
			start = now();
			end_one(i);
			o.free[o.frees++] = (double)(now() - start);
		} else if (!blocks[i].handle && used < load) {
			make_one(i, &o);
		}
	}
	last = info();
	printf("dynamic " LEVEL " load %zu %zu %zu %zu %zu %.1f %.1f\n", load, last.blocks,
	       last.free, last.largest, o.refused * 1000 / o.allocs, median(o.alloc, o.allocs),
	       median(o.free, o.frees));
	end_all();
}

static const struct {
	unsigned short which, size, align;
} trace[] = {
#include "trace.inc"
};

/* At every tenth call: what is in variables, and up to where; in bytes. */
static void run_trace(void)
{
	for (size_t i = 0; i < sizeof(trace) / sizeof(trace[0]); i++) {
		struct percpu_dynamic_info now;

		if (!trace[i].size)
			end_one(trace[i].which);
		else if (!(blocks[trace[i].which].handle = make(trace[i].size, trace[i].align)))
			stop("there is no room for the recorded calls");
		now = info();
		if (i % 10 == 0)
			printf("dynamic " LEVEL " trace %zu %zu %zu\n", i, now.size - now.free,
			       now.size - now.largest);
	}
	end_all();
}

void run_workloads(void)
{
	static const size_t loads[] = {25, 50, 75, 90, 97};

	for (size_t i = 0; i < sizeof(loads) / sizeof(loads[0]); i++)
		run_random(loads[i]);
	run_trace();
}

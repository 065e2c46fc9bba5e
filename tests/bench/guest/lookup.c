/* SPDX-License-Identifier: MIT */
/*
 * What percpu_restart costs, by how many entries its table has: the library's own source, compiled
 * once more here on a table that is made at run time instead of by the linker.
 */
#include "bench.h"

/* Where there are no sequences, too. */
#undef PERCPU_ARCH_SEQUENCES
#define PERCPU_ARCH_SEQUENCES 1

/* The names of the library, for what it has already; below they are this file's. */
#define _percpu_sequences_first _percpu_sequences_first_of_library
#define _percpu_sequences_last _percpu_sequences_last_of_library
#include <lib/internal.h>
#undef _percpu_sequences_first
#undef _percpu_sequences_last

enum { MOST = 100000, BYTES = 16, LENGTH = 12 };

static struct {
	int32_t start;
	uint32_t length;
} table[MOST];
static size_t entries;

static void *bench_sequences_first(void)
{
	return table;
}

static void *bench_sequences_last(void)
{
	return table + entries;
}

static bool bench_in_sequence(uintptr_t pc, uintptr_t *start, uintptr_t *end);
static uintptr_t bench_restart(uintptr_t pc);
__attribute__((unused)) static void bench_discard(const void *start, const void *end);
static bool bench_prepare(void);
static bool bench_collected(void)
{
	return true;
}

#define _percpu_sequences_first bench_sequences_first
#define _percpu_sequences_last bench_sequences_last
#define _percpu_in_own_sequence bench_in_sequence
#define _percpu_restart_own bench_restart
#define _percpu_sequences_map bench_map
#define percpu_sequences_discard bench_discard
#define _percpu_sequences_prepare bench_prepare
#define _percpu_sequences_collected bench_collected
#undef PERCPU__WEAK_NAMES
#define PERCPU__WEAK_NAMES
#include <lib/sequences.c>

/* Where sequence I would be: nothing is ever executed or read there. */
static uintptr_t place(size_t i)
{
	return (uintptr_t)table + sizeof(table) + i * BYTES;
}

static void fill(size_t count)
{
	entries = count;
	for (size_t i = 0; i < count; i++) {
		table[i].start = (int32_t)(place(i) - (uintptr_t)&table[i]);
		table[i].length = LENGTH;
	}
	bench_map = (struct sequences_map){0};
	bench_prepare();
}

static uint64_t count_at(uintptr_t pc)
{
	return bench_one((operation)bench_restart, pc, 0, 0);
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* The dearest of the first, the last and the one in the middle. */
static uint64_t count_inside(void)
{
	uint64_t first = count_at(place(0) + 4), middle = count_at(place(entries / 2) + 4);

	return larger(larger(first, middle), count_at(place(entries - 1) + 4));
}

/* Behind the last, before the first, and between two, as most code is; the dearest. */
static uint64_t count_outside(void)
{
	uint64_t between = count_at(place(entries / 2) - (BYTES - LENGTH));

	return larger(larger(count_at(place(entries)), count_at(place(0) - 4)), between);
}

void bench_lookup(void)
{
	static const char *const names[] = {"1", "10", "100", "1000", "10000", "100000"};

	for (size_t i = 0, count = 1; count <= MOST; i++, count *= 10) {
		fill(count);
		tap_ok(bench_restart(place(count - 1) + 8) == place(count - 1) &&
			       bench_restart(place(count - 1) + LENGTH) ==
				       place(count - 1) + LENGTH,
		       "percpu_restart works with %s entries", names[i]);
		bench_report("inside", names[i], count_inside());
		bench_report("outside", names[i], count_outside());
	}
}

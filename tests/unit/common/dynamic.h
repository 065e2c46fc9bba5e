/* SPDX-License-Identifier: MIT */
/*
 * For tests of dynamic variables: areas in each of the ways there are, a state of all that a call
 * could change, and a source of numbers that is the same each time.
 */
#ifndef UNIT_DYNAMIC_H
#define UNIT_DYNAMIC_H

#include <percpu.h>

#include <lib/internal.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

/* CPUs in the space that the linker script reserves, where it is not told how many. */
enum { DYNAMIC_RESERVED = 64 };

/* Where the areas are; ANYWHERE: each in memory of its own, in falling order, with gaps. */
enum dynamic_areas { IN_A_ROW, ANYWHERE };

/* What stays in use is no leak: the library keeps distances, no pointers. */
static void *volatile dynamic_kept[8];

static inline void *dynamic_keep(void *memory)
{
	static size_t kept;

	return dynamic_kept[kept++] = memory;
}

static inline void dynamic_place(size_t ncpu, enum dynamic_areas where)
{
	size_t align = percpu_area_align();
	size_t away = (percpu_area_size() / align + 2) * align;
	char *memory = dynamic_keep(aligned_alloc(align, ncpu * away));
	void **table = dynamic_keep(calloc(ncpu, sizeof(*table)));

	memset(memory, 0x5a, ncpu * away);
	for (size_t cpu = 0; cpu < ncpu; cpu++)
		table[cpu] = memory + (ncpu - 1 - cpu) * away;
	if (where == ANYWHERE)
		CHECK(percpu_init_each(table, ncpu) == 0);
	else if (ncpu > DYNAMIC_RESERVED)
		CHECK(percpu_init_at(memory, ncpu * away, ncpu) == 0);
	else
		CHECK(percpu_init(ncpu) == 0);
}

static inline void dynamic_begin(size_t ncpu, enum dynamic_areas where)
{
	dynamic_place(ncpu, where);
	CHECK(percpu_set_local_thread_pointer(0) == 0);
}

static inline struct percpu_dynamic_info dynamic_info(void)
{
	struct percpu_dynamic_info now;

	percpu_dynamic_info(&now);
	return now;
}

/* ---- What a call that fails must leave as it is ---- */

struct dynamic_state {
	struct percpu_dynamic_info info;
	uint64_t sum;
};

/* Memory that counts too: what was given by percpu_grow, or would have been. */
static struct {
	const void *at;
	size_t size;
} dynamic_watched[4];

/* In an area there may be what is between variables, which is the address sanitizer's. */
static __attribute__((no_sanitize_address)) uint64_t dynamic_sum(uint64_t sum, const void *at,
								 size_t size)
{
	const unsigned char *bytes = at;

	for (size_t i = 0; i < size; i++)
		sum = (sum ^ bytes[i]) * 1099511628211u;
	return sum;
}

/* All of the maps; of the areas those of the first two CPUs, for there may be a thousand. */
static inline struct dynamic_state dynamic_state(void)
{
	struct dynamic_state now;

	memset(&now, 0, sizeof(now));
	now.info = dynamic_info();
	now.sum = dynamic_sum(1, _percpu_map_start,
			      (size_t)(_percpu_reserve_end - _percpu_reserve_start) / 32);
	now.sum = dynamic_sum(now.sum, _percpu_load_start,
			      (size_t)(_percpu_load_end - _percpu_load_start));
	for (size_t cpu = 0; cpu < 2 && cpu < percpu_area_num(); cpu++)
		now.sum = dynamic_sum(now.sum, percpu_area_base(cpu), percpu_area_size());
	for (size_t i = 0; i < sizeof(dynamic_watched) / sizeof(dynamic_watched[0]); i++)
		now.sum = dynamic_sum(now.sum, dynamic_watched[i].at, dynamic_watched[i].size);
	return now;
}

static inline bool dynamic_same(const struct dynamic_state *before)
{
	struct dynamic_state now = dynamic_state();

	return !memcmp(&now, before, sizeof(now)) && percpu_host_irqs_off == 0;
}

/* CALL has this result, and changes nothing. */
#define DYNAMIC_FAILS(call, error)                                                                 \
	do {                                                                                       \
		struct dynamic_state dynamic_before_ = dynamic_state();                            \
                                                                                                   \
		CHECK((call) == (error));                                                          \
		CHECK(dynamic_same(&dynamic_before_));                                             \
	} while (0)

/* ---- Numbers ---- */

static uint64_t dynamic_random = 1;

static inline size_t below(size_t bound)
{
	dynamic_random = dynamic_random * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(dynamic_random >> 33) % bound;
}

/* Small ones more often. */
static inline size_t some_size(void)
{
	return 1 + below(1 + below(1 + below(700)));
}

static inline size_t some_align(void)
{
	return (size_t)1 << below(13);
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * A model of dynamic variables and of CPUs that come and go, for dynamic.c: one granule after the
 * other, one interval after the other, nothing clever. The areas are made once, by model_begin.
 */
#ifndef DYNAMIC_H
#define DYNAMIC_H

#include <lib/internal.h>
#include <percpu.h>

#include "fuzz.h"

/* RESERVE: as PERCPU_DYNAMIC in fuzz.mk. */
enum { NCPU = 3, RESERVE = 1024, BLOCKS = 24, CALLS = 300, MAPS = 4, FAILED = -77 };

struct model_set {
	char *base; /* NULL: the reserve */
	size_t bytes;
	const char *map;
	size_t map_size;
	uintptr_t start; /* the first handle */
	bool used[2 * RESERVE / 8], begins[2 * RESERVE / 8];
};

/* The newest first; the reserve is the last. */
static struct model_set sets[MAPS + 1];
static size_t set_count;

static char *memory; /* for percpu_grow: a stride for each CPU, and one more */
static _Alignas(64) char maps[MAPS][256];

static inline struct model_set *model_sets(void)
{
	return &sets[0];
}

/* ---- CPUs ---- */

enum model_call { UP, DOWN, DEAD };

static int states[NCPU];
static uintptr_t registers[NCPU]; /* of the machine's CPUs, which may come up as any number */

static inline int model_state(size_t cpu)
{
	return states[cpu];
}

static inline uintptr_t model_register(size_t as)
{
	return registers[as];
}

static inline size_t model_up(void)
{
	size_t up = 0;

	for (size_t cpu = 0; cpu < NCPU; cpu++)
		up += states[cpu] == PERCPU_CPU_UP;
	return up;
}

static inline uintptr_t model_area(size_t cpu)
{
	return (uintptr_t)percpu_area_base(cpu);
}

static inline int model_cpu_up(size_t as, size_t cpu, bool fails)
{
	if (states[cpu] == PERCPU_CPU_UP || states[cpu] == PERCPU_CPU_DYING)
		return PERCPU_ESTATE;
	for (size_t other = 0; other < NCPU; other++)
		if (registers[as] == model_area(other) && other != cpu &&
		    states[other] != PERCPU_CPU_DOWN)
			return PERCPU_ESTATE;
	if (fails)
		return FAILED;
	registers[as] = model_area(cpu);
	states[cpu] = PERCPU_CPU_UP;
	return 0;
}

static inline int model_cpu(enum model_call call, size_t as, size_t cpu, bool fails)
{
	if (cpu >= NCPU)
		return PERCPU_EINVAL;
	if (call == UP)
		return model_cpu_up(as, cpu, fails);
	if ((registers[as] == model_area(cpu)) != (call == DOWN) ||
	    states[cpu] != (call == DOWN ? PERCPU_CPU_UP : PERCPU_CPU_DYING))
		return PERCPU_ESTATE;
	states[cpu] = call == DOWN ? PERCPU_CPU_DYING : PERCPU_CPU_DOWN;
	/* It has stopped. */
	for (size_t i = 0; call == DEAD && i < NCPU; i++)
		if (registers[i] == model_area(cpu))
			registers[i] = 0;
	return 0;
}

/* ---- Sets ---- */

static inline void model_add(char *base, size_t bytes, const char *map)
{
	uintptr_t away = base ? (uintptr_t)base - model_area(0) + (uintptr_t)_percpu_load_start
			      : (uintptr_t)_percpu_reserve_start;

	HOLDS(set_count <= MAPS);
	memmove(sets + 1, sets, set_count++ * sizeof(sets[0]));
	sets[0] = (struct model_set){base, bytes, map, percpu_map_size(bytes), away, {0}, {0}};
}

/* Areas, and CPUs that have all been there, and are down: as after each input. */
static inline void model_begin(void)
{
	if (percpu_area_num())
		return;
	HOLDS(percpu_init(NCPU) == 0);
	memory = aligned_alloc(4096, percpu_areas_size(NCPU + 1));
	HOLDS(memory);
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		HOLDS(percpu_cpu_up(cpu) == 0 && percpu_cpu_down(cpu) == 0);
		percpu_arch_set_register(0);
		HOLDS(percpu_cpu_dead(cpu) == 0);
		states[cpu] = PERCPU_CPU_DOWN;
	}
	model_add(NULL, RESERVE, _percpu_map_start);
	sets[0].map_size = RESERVE / 32;
}

static inline char *model_base(unsigned char where)
{
	return where < 250 ? memory + (size_t)where % 64 * (where < 64 ? 64 : 32)
			   : percpu_area_base(where % NCPU);
}

static inline char *model_map(unsigned which)
{
	if (which % 16 < 12)
		return maps[which % MAPS];
	return which % 4 == 0	? NULL
	       : which % 4 == 1 ? maps[0] + 4
	       : which % 4 == 2 ? memory + 1024
				: percpu_area_base(1);
}

static inline bool model_meet(const char *a, size_t a_size, const void *b, size_t b_size)
{
	return (uintptr_t)a < (uintptr_t)b + b_size && (uintptr_t)b < (uintptr_t)a + a_size;
}

static inline bool model_taken(const char *start, size_t size)
{
	size_t stride = percpu_area_size();
	bool taken = model_meet(start, size, _percpu_load_start,
				(size_t)(_percpu_reserve_end - _percpu_load_start));

	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		taken |= model_meet(start, size, percpu_area_base(cpu), stride);
		for (struct model_set *set = sets; set < sets + set_count; set++)
			taken |= set->base &&
				 model_meet(start, size, set->base + cpu * stride, set->bytes);
	}
	for (struct model_set *set = sets; set < sets + set_count; set++)
		taken |= model_meet(start, size, set->map, set->map_size);
	return taken;
}

static inline int model_grow(const char *base, size_t bytes, const char *map)
{
	size_t map_size = percpu_map_size(bytes);

	if (bytes == 0 || !map)
		return PERCPU_EINVAL;
	if (((uintptr_t)base | bytes) % 64 || (uintptr_t)map % 8)
		return PERCPU_EALIGN;
	if (model_taken(map, map_size))
		return PERCPU_EOVERLAP;
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		const char *piece = base + cpu * percpu_area_size();

		if (model_taken(piece, bytes) || model_meet(piece, bytes, map, map_size))
			return PERCPU_EOVERLAP;
	}
	return 0;
}

static inline int model_shrink(const char *base)
{
	for (size_t i = 0; i < set_count; i++) {
		if (!sets[i].base || sets[i].base != base)
			continue;
		for (size_t at = 0; at < sets[i].bytes / 8; at++)
			if (sets[i].used[at])
				return PERCPU_EBUSY;
		set_count--;
		memmove(&sets[i], &sets[i + 1], (set_count - i) * sizeof(sets[0]));
		return 0;
	}
	return PERCPU_EINVAL;
}

/* ---- Variables ---- */

static inline bool model_fits(const struct model_set *set, size_t at, size_t granules, size_t align)
{
	if ((set->start + at * 8) % align || at + granules > set->bytes / 8)
		return false;
	for (size_t i = at; i < at + granules; i++)
		if (set->used[i])
			return false;
	return true;
}

static inline int model_alloc(size_t size, size_t align, uintptr_t *handle)
{
	size_t unit = align >= 64 ? 64 : 8, granules = (size + unit - 1) / unit * unit / 8;

	if (size == 0 || align & (align - 1))
		return PERCPU_EINVAL;
	if (align > percpu_area_align())
		return PERCPU_EALIGN;
	for (struct model_set *set = sets; set < sets + set_count; set++)
		for (size_t at = 0; at < set->bytes / 8; at++)
			if (model_fits(set, at, granules, align)) {
				memset(&set->used[at], true, granules);
				set->begins[at] = true;
				*handle = set->start + at * 8;
				return 0;
			}
	return PERCPU_ENOMEM;
}

/* The set that a variable begins in, and its place there. */
static inline struct model_set *model_find(uintptr_t handle, size_t *at)
{
	for (struct model_set *set = sets; set < sets + set_count; set++) {
		*at = (handle - set->start) / 8;
		if (handle % 8 == 0 && handle - set->start < set->bytes && set->begins[*at])
			return set;
	}
	return NULL;
}

static inline bool model_begins(uintptr_t handle)
{
	size_t at;

	return model_find(handle, &at);
}

static inline int model_free(uintptr_t handle)
{
	size_t at;
	struct model_set *set = model_find(handle, &at);

	if (!set)
		return PERCPU_EHANDLE;
	set->begins[at] = false;
	do {
		set->used[at++] = false;
	} while (at < set->bytes / 8 && set->used[at] && !set->begins[at]);
	return 0;
}

static inline size_t model_piece(const struct model_set *set, size_t at)
{
	size_t end = at;

	while (end < set->bytes / 8 && !set->used[end])
		end++;
	return end - at;
}

static inline void model_check(const struct percpu_dynamic_info *info)
{
	size_t size = 0, left = 0, most = 0, begun = 0;

	for (struct model_set *set = sets; set < sets + set_count; set++) {
		size += set->bytes;
		for (size_t at = 0, piece; at < set->bytes / 8; at += piece + 1) {
			piece = model_piece(set, at);
			left += piece;
			/* The one behind it is used, or is the set's end. */
			begun += at + piece < set->bytes / 8 && set->begins[at + piece];
			most = piece > most ? piece : most;
		}
	}
	HOLDS(info->size == size && info->free == 8 * left && info->largest == 8 * most);
	HOLDS(info->blocks == begun && info->sets == set_count);
}

#endif

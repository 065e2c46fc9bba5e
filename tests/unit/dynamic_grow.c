/* SPDX-License-Identifier: MIT */
/*
 * Memory that percpu_grow is given, and percpu_init_each. It fails if a wrong call is taken, has
 * another error than its mistake's, or changes a bit: memory or a map that overlaps anything that
 * it can overlap, that wraps around, holds the handle 0, is misaligned, too long, too early or not
 * there; or if what is given back is still used, or is still in use.
 */
#include <percpu.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/dynamic.h"

#if PERCPU_IS_SMP

enum { NCPU = 3, SIZE = 2048, LINE = PERCPU_CACHE_LINE };

static PERCPU_PTR(char[1024]) variable;

/* Of each CPU a piece, at the same distances as the areas; and of the first grow's. */
static char *memory, *more;
static _Alignas(uint64_t) char map[4096], more_map[4096];

static char *pieces(void)
{
	size_t size = NCPU * percpu_area_size();
	char *made = dynamic_keep(aligned_alloc(4096, size));

	memset(made, 0xa5, size);
	return made;
}

static void begin(void)
{
	dynamic_begin(NCPU, IN_A_ROW);
	memory = pieces();
	more = pieces();
	dynamic_watched[0].at = map;
	dynamic_watched[1].at = more_map;
	dynamic_watched[2].at = memory;
	dynamic_watched[3].at = more;
	dynamic_watched[0].size = dynamic_watched[1].size = sizeof(map);
	dynamic_watched[2].size = dynamic_watched[3].size = NCPU * percpu_area_size();
}

static void refused(const void *base, size_t bytes, const void *where, int error)
{
	DYNAMIC_FAILS(percpu_grow((void *)(uintptr_t)base, bytes, (void *)(uintptr_t)where), error);
}

/* What BASE has to be for a handle at ADDRESS. */
static char *with_handle(uintptr_t address)
{
	return (char *)(address - (uintptr_t)_percpu_load_start + (uintptr_t)percpu_area_base(0));
}

static void wrong_values(void)
{
	begin();
	refused(NULL, SIZE, map, PERCPU_EINVAL);
	refused(memory, SIZE, NULL, PERCPU_EINVAL);
	refused(memory, 0, map, PERCPU_EINVAL);
	refused(memory, percpu_area_size() + LINE, map, PERCPU_EINVAL);
	refused(memory, SIZE_MAX - LINE + 1, map, PERCPU_EINVAL);
	refused(memory + 8, SIZE, map, PERCPU_EALIGN);
	refused(memory + PERCPU_CACHE_LINE / 2, SIZE, map, PERCPU_EALIGN);
	refused(memory, SIZE + 8, map, PERCPU_EALIGN);
	refused(memory, SIZE, map + 4, PERCPU_EALIGN);
	CHECK(percpu_grow(memory, percpu_area_size(), map) == 0);
}

static void wrapping(void)
{
	begin();
	/* Pieces that go around the end of memory; then handles that do, or one that is 0. */
	refused((char *)-(uintptr_t)SIZE, 2 * SIZE, map, PERCPU_EOVERLAP);
	refused((char *)-percpu_area_size(), SIZE, map, PERCPU_EOVERLAP);
	refused((char *)-(2 * percpu_area_size() - LINE), SIZE, map, PERCPU_EOVERLAP);
	refused(with_handle(0), SIZE, map, PERCPU_EADDRESS);
	refused(with_handle(-(uintptr_t)LINE), SIZE, map, PERCPU_EADDRESS);
	CHECK(percpu_grow(with_handle(-(uintptr_t)LINE), LINE, map) == 0);
}

/* A piece that begins or ends within what it must not touch, which is from START to END. */
static void none_at(const char *start, const char *end)
{
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		const char *base = (const char *)((uintptr_t)start - cpu * percpu_area_size());

		base -= (uintptr_t)base % PERCPU_CACHE_LINE;
		refused(base, SIZE, more_map, PERCPU_EOVERLAP);
		refused(base - SIZE + PERCPU_CACHE_LINE, SIZE, more_map, PERCPU_EOVERLAP);
		refused(base + (end - 1 - start) / PERCPU_CACHE_LINE * PERCPU_CACHE_LINE, SIZE,
			more_map, PERCPU_EOVERLAP);
	}
}

/* The map's first or last word within it. */
static void no_map_at(const char *start, const char *end)
{
	start -= (uintptr_t)start % sizeof(uint64_t);
	refused(more, SIZE, start, PERCPU_EOVERLAP);
	refused(more, SIZE, start + 8 - percpu_map_size(SIZE), PERCPU_EOVERLAP);
	refused(more, SIZE, start + (end - 1 - start) / 8 * 8, PERCPU_EOVERLAP);
}

static void none_of(const char *start, size_t bytes)
{
	none_at(start, start + bytes);
	no_map_at(start, start + bytes);
}

static void overlapping(void)
{
	begin();
	CHECK(percpu_grow(memory, SIZE, map) == 0);
	none_of(_percpu_load_start, (size_t)(_percpu_reserve_end - _percpu_load_start));
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		none_of(percpu_area_base(cpu), percpu_area_size());
		none_of(memory + cpu * percpu_area_size(), SIZE);
	}
	none_of(map, percpu_map_size(SIZE));
	none_of(_percpu_map_start, 64);
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		refused(more, SIZE, more + cpu * percpu_area_size() + SIZE - 8, PERCPU_EOVERLAP);
		refused(more, SIZE, more + cpu * percpu_area_size(), PERCPU_EOVERLAP);
	}
	refused(more, SIZE, (char *)-(uintptr_t)64, PERCPU_EOVERLAP);
	CHECK(percpu_grow(more, SIZE, more + SIZE) == 0);
}

static void too_early(void)
{
	char *early = aligned_alloc(4096, 65536);

	CHECK(percpu_grow(early, SIZE, map) == PERCPU_ENOTREADY);
	CHECK(percpu_shrink(early) == PERCPU_ENOTREADY);
	CHECK(percpu_early_init() == 0);
	refused(early, SIZE, map, PERCPU_ENOTREADY);
	DYNAMIC_FAILS(percpu_shrink(early), PERCPU_EINVAL);
	CHECK(percpu_init(NCPU) == 0);
	refused(percpu_area_base(0), SIZE, map, PERCPU_EOVERLAP);
	free(early);
}

static void shrinking(void)
{
	PERCPU_PTR(char[1024]) other;

	begin();
	DYNAMIC_FAILS(percpu_shrink(memory), PERCPU_EINVAL);
	CHECK(percpu_grow(memory, SIZE, map) == 0 && percpu_grow(more, SIZE, more_map) == 0);
	CHECK(percpu_alloc(&other) == 0 && percpu_alloc(&variable) == 0);
	CHECK(percpu_ptr_on(percpu_at(other), 0) == (void *)more);
	DYNAMIC_FAILS(percpu_shrink(NULL), PERCPU_EINVAL);
	DYNAMIC_FAILS(percpu_shrink(memory + PERCPU_CACHE_LINE), PERCPU_EINVAL);
	DYNAMIC_FAILS(percpu_shrink(memory + percpu_area_size()), PERCPU_EINVAL);
	DYNAMIC_FAILS(percpu_shrink(with_handle((uintptr_t)_percpu_reserve_start)), PERCPU_EINVAL);
	DYNAMIC_FAILS(percpu_shrink(more), PERCPU_EBUSY);
	CHECK(percpu_free(&variable) == 0 && percpu_free(&other) == 0);
	CHECK(percpu_shrink(memory) == 0 && dynamic_info().sets == 2);
	DYNAMIC_FAILS(percpu_shrink(memory), PERCPU_EINVAL);
	memset(memory, 0x5a, SIZE);
	memset(map, 0x5a, sizeof(map));
	CHECK(percpu_alloc(&variable) == 0 && percpu_free(&variable) == 0);
	CHECK(percpu_shrink(more) == 0 && dynamic_info().sets == 1);
	CHECK(percpu_grow(memory, SIZE, map) == 0);
}

/* ---- Areas anywhere ---- */

static char *places[NCPU];

static void each_refused(int error)
{
	DYNAMIC_FAILS(percpu_init_each((void *const *)(void *)places, NCPU), error);
	CHECK(percpu_area_num() <= 1);
}

/* The table with one place of cpu 1's. */
static void each_with(char *place, int error)
{
	char *was = places[1];

	places[1] = place;
	each_refused(error);
	places[1] = was;
}

static void wrong_tables(void)
{
	size_t away = percpu_area_size() + percpu_area_align();

	more = dynamic_keep(aligned_alloc(4096, 4 * away));
	dynamic_watched[0].at = more;
	dynamic_watched[0].size = 4 * away;
	for (size_t cpu = 0; cpu < NCPU; cpu++)
		places[cpu] = more + (NCPU - 1 - cpu) * away;
	each_with(NULL, PERCPU_EINVAL);
	DYNAMIC_FAILS(percpu_init_each(NULL, NCPU), PERCPU_EINVAL);
	DYNAMIC_FAILS(percpu_init_each((void *const *)(void *)places, 0), PERCPU_EINVAL);
	each_with(places[1] + 64, PERCPU_EALIGN);
	each_with(places[0], PERCPU_EOVERLAP);
	each_with(places[2] + percpu_area_align(), PERCPU_EOVERLAP);
	each_with(_percpu_load_start, PERCPU_EOVERLAP);
	each_with((char *)-percpu_area_align(), PERCPU_EOVERLAP);
	CHECK(percpu_early_init() == 0);
	each_with(percpu_area_base(0), PERCPU_EOVERLAP);
	/* The table would not be there any more. */
	memcpy(places[2] + 64, places, sizeof(places));
	DYNAMIC_FAILS(percpu_init_each((void *const *)(void *)(places[2] + 64), NCPU),
		      PERCPU_EOVERLAP);
	CHECK(percpu_init_each((void *const *)(void *)places, NCPU) == 0);
	CHECK(percpu_init_each((void *const *)(void *)places, NCPU) == PERCPU_EALREADY);
	CHECK(percpu_init(NCPU) == PERCPU_EALREADY);
}

/* The pieces are below and above one another as the areas are. */
static void anywhere(void)
{
	size_t away;

	dynamic_begin(NCPU, ANYWHERE);
	away = (size_t)((char *)percpu_area_base(0) - (char *)percpu_area_base(1));
	more = aligned_alloc(4096, NCPU * away);
	memory = more + (NCPU - 1) * away;
	CHECK(percpu_grow(memory, SIZE, map) == 0 && percpu_alloc(&variable) == 0);
	percpu_for_each (cpu)
		CHECK(percpu_ptr_on(percpu_at(variable), cpu) == (void *)(memory - cpu * away));
	refused(memory - away, SIZE, more_map, PERCPU_EOVERLAP);
	CHECK(percpu_free(&variable) == 0 && percpu_shrink(memory) == 0);
	refused((char *)(away + LINE), SIZE, map, PERCPU_EOVERLAP);
	free(more);
}

#if PERCPU_DEBUG
static const char *told;

void percpu_panic(const char *why)
{
	printf("# %s\n", why);
	exit(told && strstr(why, told) ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* As one on a stack that is used again. */
static void change_table(void)
{
	size_t away = percpu_area_size();

	more = dynamic_keep(aligned_alloc(4096, (NCPU + 1) * away));
	for (size_t cpu = 0; cpu < NCPU; cpu++)
		places[cpu] = more + cpu * away;
	CHECK(percpu_init_each((void *const *)(void *)places, NCPU) == 0);
	CHECK(percpu_set_local_thread_pointer(1) == 0 && percpu_area_base(1) == places[1]);
	told = "percpu: the table of percpu_init_each has changed";
	places[2] = more + NCPU * away;
}

static void look_up_in_it(void)
{
	change_table();
	(void)percpu_area_base(0);
	exit(EXIT_FAILURE);
}

static void use_an_area_of_it(void)
{
	change_table();
	(void)percpu_cpu_id();
	exit(EXIT_FAILURE);
}

static void changed_table(void)
{
	CHECK(unit_fork(look_up_in_it) == 0);
	CHECK(unit_fork(use_an_area_of_it) == 0);
}
#endif

void kernel_main(void)
{
	static const struct test tests[] = {
		{"percpu_grow refuses wrong values", wrong_values},
		{"it refuses what wraps around, and the handle 0", wrapping},
		{"it refuses memory and maps that overlap anything there is", overlapping},
		{"it refuses what comes too early", too_early},
		{"percpu_shrink takes back what was given, once, and nothing else", shrinking},
		{"percpu_init_each refuses wrong tables", wrong_tables},
		{"what is given to areas anywhere lies as they do", anywhere},
#if PERCPU_DEBUG
		{"a table of percpu_init_each that has changed is told of", changed_table},
#endif
	};

	UNIT_RUN(tests);
}

#else

/* The reserve's place is the template, and there are no pieces. */
static void one_piece(void)
{
	static _Alignas(4096) char memory[8192];
	static uint64_t map[64];

	dynamic_begin(1, IN_A_ROW);
	DYNAMIC_FAILS(percpu_grow(_percpu_load_start, 64, map), PERCPU_EOVERLAP);
	CHECK(percpu_grow(memory, sizeof(memory), map) == 0);
	CHECK(percpu_shrink(memory) == 0);
}

/* It blames no linker script. */
static void one_cpu(void)
{
	CHECK(percpu_init(2) == PERCPU_ENOSPC);
	CHECK(strstr(percpu_strerror(PERCPU_ENOSPC), "PERCPU_MODE sp is for one CPU"));
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"memory can be given, and taken back", one_piece},
		{"a second CPU is refused in words that are true", one_cpu},
	};

	UNIT_RUN(tests);
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The map of a set of dynamic variables, against a model that looks at one granule after the other.
 * It fails if another place is taken than the first that fits, if a place that is there is not
 * found, if a variable is ended that does not begin where it is said to, if a word beside the map
 * is touched, or if the bound of the largest free piece, by which a search is spared, is too low.
 */
#include <lib/dynamic.h>

#include <stdlib.h>
#include <string.h>

#include "common/unit.h"

enum { MOST = 1000, STEPS = 1500 };

static const size_t lengths[] = {1, 7, 63, 64, 65, 100, 127, 128, 129, 200, 640, MOST};
/* From an area's base; the last two lie below it. */
static const uintptr_t offsets[] = {0, 64, 4096 - 64, 520, -(uintptr_t)4096, -(uintptr_t)192};

static struct _percpu_set set;
static void *map;

/* Of each granule: 0, or the granules of the variable that begins there; whether it is in one. */
static size_t begins[MOST];
static bool used[MOST];

static uint64_t state = 1;

static size_t below(size_t bound)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(state >> 33) % bound;
}

/* The map ends where its memory does. */
static void make(size_t granules, uintptr_t offset)
{
	free(map);
	map = malloc(_percpu_set_map_size(granules * GRANULE));
	memset(map, 0xa5, _percpu_set_map_size(granules * GRANULE));
	_percpu_set_make(&set, offset, granules * GRANULE, map);
	memset(begins, 0, sizeof(begins));
	memset(used, 0, sizeof(used));
}

static size_t free_from(size_t at)
{
	size_t end = at;

	while (end < set.granules && !used[end])
		end++;
	return end - at;
}

static size_t longest(void)
{
	size_t most = 0;

	for (size_t at = 0; at < set.granules; at++) {
		size_t piece = free_from(at);

		if (piece > most)
			most = piece;
		at += piece;
	}
	return most;
}

static size_t free_in_all(void)
{
	size_t sum = 0;

	for (size_t at = 0; at < set.granules; at++)
		sum += !used[at];
	return sum;
}

/* The first place; set.granules if there is none. */
static size_t place(size_t granules, size_t align)
{
	size_t piece;

	for (size_t at = 0; at < set.granules; at += piece + 1) {
		size_t end = at + (piece = free_from(at));

		for (; at < end; at++, piece--)
			if ((set.offset + at * GRANULE) % align == 0 && piece >= granules)
				return at;
	}
	return set.granules;
}

static void note(size_t at, size_t granules, bool use)
{
	begins[at] = use ? granules : 0;
	memset(&used[at], use, granules);
}

/* Tries to take so many granules: as the model, the same place or none. */
static void take(size_t granules, size_t align)
{
	size_t expected = place(granules, align);
	uintptr_t offset = 12345;
	bool taken = _percpu_set_take(&set, granules, align, &offset);

	CHECK(taken == (expected < set.granules));
	CHECK(offset == (taken ? set.offset + expected * GRANULE : 12345));
	if (taken)
		note(expected, granules, true);
}

/* Tries to end what may begin at a place. */
static void give(size_t at)
{
	uintptr_t offset = set.offset + at * GRANULE;
	bool is_one = begins[at];

	CHECK(_percpu_set_begins(&set, offset) == is_one);
	CHECK(!is_one || _percpu_set_size(&set, offset) == begins[at] * GRANULE);
	CHECK(!_percpu_set_give(&set, offset + 1 + below(GRANULE - 1)));
	CHECK(_percpu_set_give(&set, offset) == is_one);
	if (is_one)
		note(at, begins[at], false);
}

static void compare(void)
{
	size_t most = longest();

	CHECK(set.free == free_in_all() && set.hint >= most);
	CHECK(most == 0 || _percpu_set_has(&set, most));
	CHECK(!_percpu_set_has(&set, most + 1));
	for (size_t at = 0; at < set.granules; at++)
		CHECK((set.used[at / 64] >> at % 64 & 1) == used[at] &&
		      (set.first[at / 64] >> at % 64 & 1) == (begins[at] != 0));
}

/* Small ones more often. */
static size_t some_size(void)
{
	return 1 + below(1 + below(200));
}

static size_t some_align(void)
{
	return (size_t)GRANULE << below(10);
}

static void random_calls(size_t granules, uintptr_t offset)
{
	make(granules, offset);
	for (size_t step = 0; step < STEPS; step++) {
		/* It fills, and then empties, again and again. */
		if (below(8) < (step / 200 % 2 ? 3 : 6))
			take(some_size(), below(2) ? GRANULE : some_align());
		else
			give(below(granules));
		if (step % 16 == 0)
			compare();
	}
	compare();
}

static void as_the_model(void)
{
	for (size_t l = 0; l < sizeof(lengths) / sizeof(lengths[0]); l++)
		for (size_t o = 0; o < sizeof(offsets) / sizeof(offsets[0]); o++)
			random_calls(lengths[l], offsets[o]);
}

/* All sizes and alignments, each as one call on a full map with holes of about HOLE granules. */
static void all_sizes(size_t hole, uintptr_t offset)
{
	make(MOST, offset);
	while (free_in_all() > 0)
		take(1 + below(2), GRANULE);
	for (size_t at = 0; at < MOST; at++)
		if (below(hole) > 1)
			give(at);
	for (size_t size = 1; size <= 200; size++)
		for (size_t align = GRANULE; align <= 4096; align *= 2) {
			size_t at = place(size, align);

			take(size, align);
			if (at < MOST)
				give(at);
		}
	compare();
}

static void every_size(void)
{
	for (size_t hole = 2; hole <= 512; hole *= 4)
		for (size_t o = 0; o < sizeof(offsets) / sizeof(offsets[0]); o++)
			all_sizes(hole, offsets[o]);
}

/* What is in no set: all of it is one piece, and all of it can be one variable. */
static void whole(void)
{
	for (size_t granules = 1; granules <= MOST; granules++) {
		make(granules, 64);
		CHECK(!_percpu_set_has(&set, granules + 1));
		take(granules + 1, GRANULE);
		take(granules, GRANULE);
		take(1, GRANULE);
		compare();
		give(0);
		compare();
	}
}

/* Of the bytes that variables are made of. */
static void a_32nd(void)
{
	for (size_t bytes = 512; bytes <= (size_t)1 << 30; bytes *= 2)
		CHECK(_percpu_set_map_size(bytes) == bytes / 32);
	CHECK(_percpu_set_map_size(8) == 16 && _percpu_set_map_size(520) == 32);
	CHECK(percpu_map_size(65536) == 65536 / 32 + sizeof(struct _percpu_set));
	CHECK(sizeof(struct _percpu_set) <= 7 * sizeof(uintptr_t));
	CHECK(percpu_map_size(SIZE_MAX) == SIZE_MAX);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"random takes and gives do what the model does", as_the_model},
		{"each size and alignment finds the model's place", every_size},
		{"a set of any size is one piece at first, and again in the end", whole},
		{"a map is a 32nd of what it tells of", a_32nd},
	};

	UNIT_RUN(tests);
}

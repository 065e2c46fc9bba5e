/* SPDX-License-Identifier: MIT */
/*
 * The map of a set (dynamic.c): where a variable finds room, and what it leaves. The first place
 * that is large enough is taken. All of it goes by words of 64 granules: with interrupts off
 * nothing looks at one granule after the other.
 */
#include "dynamic.h"

#if PERCPU_IS_IMAGE

enum { WORD = 64 };
#define ONES UINT64_MAX

/*
 * Where the only bit of a word is. No __builtin_ctzll and its kin: where a machine has no
 * instruction for it, they call libgcc. The constant has every six bits in it once: times a power
 * of two, the highest six tell which.
 */
static unsigned place_of(uint64_t bit)
{
	static const uint8_t places[WORD] = {
		0,  1,	48, 2,	57, 49, 28, 3,	61, 58, 50, 42, 38, 29, 17, 4,
		62, 55, 59, 36, 53, 51, 43, 22, 45, 39, 33, 30, 24, 18, 12, 5,
		63, 47, 56, 27, 60, 41, 37, 16, 54, 35, 52, 21, 44, 32, 23, 11,
		46, 26, 40, 15, 34, 20, 31, 10, 25, 14, 19, 9,	13, 8,	7,  6,
	};

	return places[bit * 0x03f79d71b4cb0a89 >> 58];
}

static unsigned lowest(uint64_t bits)
{
	return place_of(bits & -bits);
}

static unsigned highest(uint64_t bits)
{
	for (unsigned step = 1; step < WORD; step *= 2)
		bits |= bits >> step;
	return place_of(bits ^ bits >> 1);
}

static size_t words_of(size_t granules)
{
	return (granules + WORD - 1) / WORD;
}

size_t _percpu_set_map_size(size_t bytes)
{
	return 2 * sizeof(uint64_t) * words_of(bytes / GRANULE);
}

/* Granules from START on, COUNT of them, as a mask of the word that START is in. */
static uint64_t mask(size_t start, size_t count)
{
	size_t at = start % WORD;
	uint64_t upwards = ONES << at;

	return count < WORD - at ? upwards & ~(ONES << (at + count)) : upwards;
}

static void set_bits(uint64_t *map, size_t start, size_t count)
{
	for (size_t end = start + count; start < end; start += WORD - start % WORD)
		map[start / WORD] |= mask(start, end - start);
}

static void clear_bits(uint64_t *map, size_t start, size_t count)
{
	for (size_t end = start + count; start < end; start += WORD - start % WORD)
		map[start / WORD] &= ~mask(start, end - start);
}

static bool bit(const uint64_t *map, size_t at)
{
	return map[at / WORD] >> at % WORD & 1;
}

/* What is behind the last granule, in the last word, counts as used. */
void _percpu_set_make(struct _percpu_set *set, uintptr_t offset, size_t bytes, void *map)
{
	size_t granules = bytes / GRANULE, words = words_of(granules);
	uint64_t *used = map;

	set->next = NULL;
	set->offset = offset;
	set->granules = set->free = set->hint = granules;
	set->used = used;
	set->first = used + words;
	_percpu_zero(map, _percpu_set_map_size(bytes));
	set_bits(used, granules, words * WORD - granules);
}

/* ---- Finding room ---- */

/* What is looked for: a number of granules, the first of which has an aligned offset. */
struct wanted {
	size_t granules;
	size_t align;	  /* in granules, a power of two */
	size_t phase;	  /* of the set's first granule, by that */
	uint64_t pattern; /* of a word whose first granule is aligned, the aligned ones */
};

static struct wanted wanted(const struct _percpu_set *set, size_t granules, size_t align)
{
	size_t by = align > GRANULE ? align / GRANULE : 1;
	uint64_t pattern = 1;

	for (size_t step = by; step < WORD; step *= 2)
		pattern |= pattern << step;
	return (struct wanted){granules, by, set->offset / GRANULE & (by - 1), pattern};
}

static size_t aligned(const struct wanted *w, size_t at)
{
	return ((at + w->phase + w->align - 1) & ~(w->align - 1)) - w->phase;
}

/* The granules of the word from AT on that are aligned. */
static uint64_t aligned_bits(const struct wanted *w, size_t at)
{
	size_t first = aligned(w, at) - at;

	return first < WORD ? w->pattern << first : 0;
}

/* Where in a word, whose bits FREE are set, so many of them in one piece begin: WORD at most. */
static uint64_t starts(uint64_t free, size_t granules)
{
	size_t have = 1;

	for (; free && have * 2 <= granules; have *= 2)
		free &= free >> have;
	return have < granules ? free & free >> (granules - have) : free;
}

static bool fits(const struct wanted *w, size_t start, size_t end)
{
	size_t at = aligned(w, start);

	return at <= end && end - at >= w->granules;
}

#define NONE SIZE_MAX

/* The first granule of the first place; NONE if there is none. A free piece at hand is from START.
 */
static size_t find(const struct _percpu_set *set, const struct wanted *w)
{
	size_t start = 0, at = 0;

	for (size_t word = 0; word < words_of(set->granules); word++, at += WORD) {
		uint64_t free = ~set->used[word], inside;

		/* Most words of a set that is nearly full. */
		if (!free) {
			start = at + WORD;
			continue;
		}
		/* If not, what is at hand has been found too short, and ends here. */
		if (free & 1) {
			if (fits(w, start, at + (free == ONES ? WORD : lowest(~free))))
				return aligned(w, start);
			if (free == ONES)
				continue;
		}
		inside = w->granules > WORD ? 0 : starts(free, w->granules) & aligned_bits(w, at);
		if (inside)
			return at + lowest(inside);
		start = at + (free >> (WORD - 1) ? highest(~free) + 1 : WORD);
	}
	return fits(w, start, at) ? aligned(w, start) : NONE;
}

bool _percpu_set_has(const struct _percpu_set *set, size_t granules)
{
	struct wanted w = wanted(set, granules, GRANULE);

	return granules <= set->hint && find(set, &w) != NONE;
}

bool _percpu_set_take(struct _percpu_set *set, size_t granules, size_t align, uintptr_t *offset)
{
	struct wanted w = wanted(set, granules, align);
	size_t at = granules <= set->hint ? find(set, &w) : NONE;

	if (at == NONE) {
		if (w.align == 1 && granules <= set->hint)
			set->hint = granules - 1;
		return false;
	}
	set_bits(set->used, at, granules);
	set_bits(set->first, at, 1);
	set->free -= granules;
	*offset = set->offset + at * GRANULE;
	return true;
}

/* ---- Giving it back ---- */

/*
 * Of the granules of a word: those behind what is free, with FLIP 0; or behind a variable, with
 * FLIP all ones: free ones, and those where the next variable begins.
 */
static uint64_t ends(const struct _percpu_set *set, uint64_t flip, size_t word)
{
	return (set->used[word] ^ flip) | set->first[word];
}

/* The end of what is free from AT on, or of a variable, as above. */
static size_t end_of(const struct _percpu_set *set, uint64_t flip, size_t at)
{
	uint64_t here = ends(set, flip, at / WORD) & ONES << at % WORD;

	for (; !here; here = ends(set, flip, at / WORD)) {
		at += WORD - at % WORD;
		if (at >= set->granules)
			return set->granules;
	}
	return at - at % WORD + lowest(here);
}

/* The start of the free piece that ends before AT. */
static size_t free_before(const struct _percpu_set *set, size_t at)
{
	while (at > 0) {
		size_t in = (at - 1) % WORD;
		uint64_t here = set->used[(at - 1) / WORD] & ONES >> (WORD - 1 - in);

		if (here)
			return at - 1 - in + highest(here) + 1;
		at -= in + 1;
	}
	return 0;
}

bool _percpu_set_begins(const struct _percpu_set *set, uintptr_t offset)
{
	size_t at = (offset - set->offset) / GRANULE;

	return (offset - set->offset) % GRANULE == 0 && bit(set->first, at);
}

size_t _percpu_set_size(const struct _percpu_set *set, uintptr_t offset)
{
	size_t at = (offset - set->offset) / GRANULE, next = at + 1;

	/* Where it begins is an end, too: of what is before. */
	return ((next < set->granules ? end_of(set, ONES, next) : next) - at) * GRANULE;
}

bool _percpu_set_give(struct _percpu_set *set, uintptr_t offset)
{
	size_t at = (offset - set->offset) / GRANULE, end, piece;

	if (!_percpu_set_begins(set, offset))
		return false;
	clear_bits(set->first, at, 1);
	end = end_of(set, ONES, at);
	clear_bits(set->used, at, end - at);
	set->free += end - at;
	/* No piece is longer than all that is free: then nobody needs to look. */
	if (set->hint < set->free) {
		piece = end_of(set, 0, at) - free_before(set, at);
		if (piece > set->hint)
			set->hint = piece;
	}
	return true;
}

#endif

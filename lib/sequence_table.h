/* SPDX-License-Identifier: MIT */
/*
 * A table of restartable sequences: looking up, checking and sorting, for that of the kernel
 * (sequences.c) and for those of modules (sequences_of_modules.c).
 */
#ifndef PERCPU_SEQUENCE_TABLE_H
#define PERCPU_SEQUENCE_TABLE_H

struct sequence {
	int32_t start; /* relative to this entry */
	uint32_t length;
};

/*
 * Most of a kernel's code is in no sequence, and one bit says so: each is for a granule, a power of
 * two of bytes of code, from the first sequence to the end of the last, and is set where there are
 * sequences. Only there the table is searched. 8 KiB, for granules that are smaller than the code
 * between sequences with ten thousand of them, too.
 *
 * span is 0 until the table is sorted and the bits are set; until then no address is in a sequence,
 * which is right, for no CPU is bound, so no operation can have begun. So it does not matter what
 * a trap would see of the table while it is sorted.
 */
enum { GRANULES = 65536, WORD = 32 };

struct sequences_map {
	uintptr_t origin; /* where the first sequence starts, relative to the table: a kernel that
			     goes on at another address takes both along */
	uintptr_t span;
	unsigned shift;
	uint32_t granules[GRANULES / WORD];
};

extern struct sequences_map _percpu_sequences_map LINKER_SYMBOL;

static inline uintptr_t start_of(const struct sequence *s)
{
	return (uintptr_t)s + (uintptr_t)(intptr_t)s->start;
}

/* Of COUNT in order from FIRST on, the last that does not start behind PC; or the first. */
static inline const struct sequence *last_of(const struct sequence *first, size_t count,
					     uintptr_t pc)
{
	while (count > 1) {
		size_t half = count / 2;

		if (start_of(first + half) <= pc)
			first += half;
		count -= half;
	}
	return first;
}

/* Whether each sequence starts behind the one before it. */
static inline bool in_order(const struct sequence *table, size_t count)
{
	uintptr_t end = 0;

	for (size_t i = 0; i < count; i++) {
		if (start_of(table + i) < end)
			return false;
		end = start_of(table + i) + table[i].length;
	}
	return true;
}

/*
 * START is in reach from every place of the table: linkers have seen to that for the entry's own,
 * and the table is small against the 2 GiB that are within reach.
 */
static inline void put(struct sequence *to, uintptr_t start, uint32_t length)
{
	to->start = (int32_t)(start - (uintptr_t)to);
	to->length = length;
}

/* Moves the entry at FROM towards the first, in steps of GAP, to where it belongs. */
static inline void insert(struct sequence *table, size_t from, size_t gap)
{
	uintptr_t start = start_of(table + from);
	uint32_t length = table[from].length;
	size_t at = from;

	for (; at >= gap && start_of(table + at - gap) > start; at -= gap)
		put(table + at, start_of(table + at - gap), table[at - gap].length);
	if (at != from)
		put(table + at, start, length);
}

/* Shell's sort, which takes no memory and is short. What is in order it only reads. */
static inline void sort(struct sequence *table, size_t count)
{
	size_t gap = 1;

	while (gap < count / 3)
		gap = 3 * gap + 1;
	for (; gap; gap /= 3)
		for (size_t i = gap; i < count; i++)
			insert(table, i, gap);
}

#endif

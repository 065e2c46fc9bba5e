/* SPDX-License-Identifier: MIT */
/*
 * The table of restartable sequences (PERCPU__SEQUENCE_END in percpu/port.h), which the linker
 * collects. Where a port has none, all of this is empty.
 */
#include <percpu.h>

#include "internal.h"

#if PERCPU_ARCH_SEQUENCES

struct sequence {
	int32_t start; /* relative to this entry */
	uint32_t length;
};

enum { GRANULES = 65536, WORD = 32 };

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
static struct {
	uintptr_t origin; /* where the first sequence starts, relative to the table: a kernel that
			     goes on at another address takes both along */
	uintptr_t span;
	unsigned shift;
	uint32_t granules[GRANULES / WORD];
} map;

static bool some_discarded; /* entries of no bytes may have had some */

static uintptr_t start_of(const struct sequence *s)
{
	return (uintptr_t)s + (uintptr_t)(intptr_t)s->start;
}

static size_t table_size(void)
{
	return (size_t)((char *)_percpu_sequences_last() - (char *)_percpu_sequences_first());
}

/* Whether a sequence is near PC; only then it may be in one. */
static bool is_near(uintptr_t pc)
{
	uintptr_t at = pc - ((uintptr_t)_percpu_sequences_first() + map.origin);

	/* Pairs with make_map. */
	if (at >= __atomic_load_n(&map.span, __ATOMIC_ACQUIRE))
		return false;
	at >>= map.shift;
	return map.granules[at / WORD] >> at % WORD & 1;
}

/* The last sequence that does not start behind PC, which is not before the first. */
static const struct sequence *last_before(uintptr_t pc)
{
	const struct sequence *first = _percpu_sequences_first();
	size_t count = table_size() / sizeof(*first);

	while (count > 1) {
		size_t half = count / 2;

		if (start_of(first + half) <= pc)
			first += half;
		count -= half;
	}
	return first;
}

bool percpu_in_sequence(uintptr_t pc, uintptr_t *start, uintptr_t *end)
{
	const struct sequence *s;
	uint32_t length;

	if (!is_near(pc))
		return false;
	s = last_before(pc);
	/* Read once: percpu_sequences_discard may write it. */
	length = __atomic_load_n(&s->length, __ATOMIC_RELAXED);
	if (pc - start_of(s) >= length)
		return false;
	*start = start_of(s);
	*end = *start + length;
	return true;
}

uintptr_t percpu_restart(uintptr_t pc)
{
	uintptr_t start, end;

	return percpu_in_sequence(pc, &start, &end) ? start : pc;
}

void percpu_sequences_discard(const void *start, const void *end)
{
	struct sequence *s = _percpu_sequences_first();

	some_discarded = true;
	for (size_t count = table_size() / sizeof(*s); count > 0; count--, s++)
		if (start_of(s) >= (uintptr_t)start && start_of(s) < (uintptr_t)end)
			__atomic_store_n(&s->length, 0, __ATOMIC_RELAXED);
}

/*
 * An entry that starts at 0, which would be its own sequence, is one that no linker has filled in.
 * Of no bytes is the library's own (collected.c); another one is a user's that forgot what to put
 * between its ends, of which not every assembler says so.
 */
static bool are_sequences(const struct sequence *table, size_t count)
{
	size_t empty = 0;

	for (size_t i = 0; i < count; i++) {
		if (table[i].start == 0)
			return false;
		empty += table[i].length == 0;
	}
	return empty <= 1 || some_discarded;
}

/* Whether each sequence starts behind the one before it. */
static bool in_order(const struct sequence *table, size_t count)
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
static void put(struct sequence *to, uintptr_t start, uint32_t length)
{
	to->start = (int32_t)(start - (uintptr_t)to);
	to->length = length;
}

/* Moves the entry at FROM towards the first, in steps of GAP, to where it belongs. */
static void insert(struct sequence *table, size_t from, size_t gap)
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
static void sort(struct sequence *table, size_t count)
{
	size_t gap = 1;

	while (gap < count / 3)
		gap = 3 * gap + 1;
	for (; gap; gap /= 3)
		for (size_t i = gap; i < count; i++)
			insert(table, i, gap);
}

static void make_map(const struct sequence *table, size_t count)
{
	uintptr_t origin = start_of(table);
	uintptr_t span = start_of(table + count - 1) + table[count - 1].length - origin;

	while (span >> map.shift >= GRANULES)
		map.shift++;
	for (size_t i = 0; i < count; i++) {
		uintptr_t from = start_of(table + i) - origin, to = from + table[i].length;

		for (uintptr_t at = from >> map.shift; at << map.shift < to; at++)
			map.granules[at / WORD] |= (uint32_t)1 << at % WORD;
	}
	map.origin = origin - (uintptr_t)table;
	/* For a trap on this CPU: pairs with is_near. */
	__atomic_store_n(&map.span, span, __ATOMIC_RELEASE);
}

bool _percpu_sequences_prepare(void)
{
	struct sequence *table = _percpu_sequences_first();
	size_t count = table_size() / sizeof(*table);

	if (map.span)
		return true;
	if (!_percpu_sequences_collected() || table_size() % sizeof(*table) ||
	    !are_sequences(table, count))
		return false;
	sort(table, count);
	if (!in_order(table, count))
		return false;
	if (count)
		make_map(table, count);
	return true;
}

#else

bool percpu_in_sequence(uintptr_t pc, uintptr_t *start, uintptr_t *end)
{
	(void)pc;
	(void)start;
	(void)end;
	return false;
}

uintptr_t percpu_restart(uintptr_t pc)
{
	return pc;
}

void percpu_sequences_discard(const void *start, const void *end)
{
	(void)start;
	(void)end;
}

#endif

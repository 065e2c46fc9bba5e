/* SPDX-License-Identifier: MIT */
/*
 * The table of restartable sequences (PERCPU__SEQUENCE_END in percpu/port.h), which the linker
 * collects. Where a port has none, all of this is empty.
 */
#include <percpu.h>

#include "internal.h"

#if PERCPU_ARCH_SEQUENCES

#include "sequence_table.h"

/* See sequence_table.h. */
struct sequences_map _percpu_sequences_map;

static bool some_discarded; /* entries of no bytes may have had some */

static size_t table_size(void)
{
	return (size_t)((char *)_percpu_sequences_last() - (char *)_percpu_sequences_first());
}

/* Whether a sequence is near PC; only then it may be in one. */
static bool is_near(uintptr_t pc)
{
	uintptr_t at = pc - ((uintptr_t)_percpu_sequences_first() + _percpu_sequences_map.origin);

	/* Pairs with make_map. */
	if (at >= __atomic_load_n(&_percpu_sequences_map.span, __ATOMIC_ACQUIRE))
		return false;
	at >>= _percpu_sequences_map.shift;
	return _percpu_sequences_map.granules[at / WORD] >> at % WORD & 1;
}

bool _percpu_in_own_sequence(uintptr_t pc, uintptr_t *start, uintptr_t *end)
{
	const struct sequence *s;
	uint32_t length;

	if (!is_near(pc))
		return false;
	s = last_of(_percpu_sequences_first(), table_size() / sizeof(*s), pc);
	/* Read once: percpu_sequences_discard may write it. */
	length = __atomic_load_n(&s->length, __ATOMIC_RELAXED);
	if (pc - start_of(s) >= length)
		return false;
	*start = start_of(s);
	*end = *start + length;
	return true;
}

uintptr_t _percpu_restart_own(uintptr_t pc)
{
	uintptr_t start, end;

	return _percpu_in_own_sequence(pc, &start, &end) ? start : pc;
}

/* Weak: sequences_of_modules.c has others, where something calls it. */
PERCPU__WEAK_NAMES

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

static void make_map(const struct sequence *table, size_t count)
{
	uintptr_t origin = start_of(table);
	uintptr_t span = start_of(table + count - 1) + table[count - 1].length - origin;

	while (span >> _percpu_sequences_map.shift >= GRANULES)
		_percpu_sequences_map.shift++;
	for (size_t i = 0; i < count; i++) {
		uintptr_t from = start_of(table + i) - origin, to = from + table[i].length;

		for (uintptr_t at = from >> _percpu_sequences_map.shift;
		     at << _percpu_sequences_map.shift < to; at++)
			_percpu_sequences_map.granules[at / WORD] |= (uint32_t)1 << at % WORD;
	}
	_percpu_sequences_map.origin = origin - (uintptr_t)table;
	/* For a trap on this CPU: pairs with is_near. */
	__atomic_store_n(&_percpu_sequences_map.span, span, __ATOMIC_RELEASE);
}

bool _percpu_sequences_prepare(void)
{
	struct sequence *table = _percpu_sequences_first();
	size_t count = table_size() / sizeof(*table);

	if (_percpu_sequences_map.span)
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

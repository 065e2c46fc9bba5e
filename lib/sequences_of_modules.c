/* SPDX-License-Identifier: MIT */
/*
 * The restartable sequences of modules, which come and go. percpu_restart and percpu_in_sequence
 * are weak in sequences.c; this file has them once more. Of an archive it comes into the link for
 * percpu_sequences_add only, if it stands behind sequences.c there, as it does by its name: a
 * kernel without that call has nothing of this.
 *
 * The list is written by one CPU at a time, and read by any, in trap entries, without a lock. A
 * table is complete when add stores it in the list, with release; whoever loads it from there does
 * so with acquire. remove takes it out of the list by one store, and leaves its own link as it is:
 * a reader that is there goes on to the rest.
 */
#include <percpu.h>

#include "internal.h"

#if PERCPU_ARCH_SEQUENCES

#include "sequence_table.h"

static struct percpu_sequences *list;

static struct percpu_sequences *follow(struct percpu_sequences **link)
{
	return __atomic_load_n(link, __ATOMIC_ACQUIRE);
}

/* What the kernel's own map is about: from the first of its sequences to the end of the last. */
static uintptr_t kernel_start(void)
{
	return (uintptr_t)_percpu_sequences_first() + _percpu_sequences_map.origin;
}

static uintptr_t kernel_span(void)
{
	return __atomic_load_n(&_percpu_sequences_map.span, __ATOMIC_ACQUIRE);
}

static bool in_sequence_of(const struct percpu_sequences *s, uintptr_t pc, uintptr_t *start,
			   uintptr_t *end)
{
	const struct sequence *found;

	if (pc < s->code || pc >= s->code_end || !s->count)
		return false;
	found = last_of(s->first, s->count, pc);
	if (pc - start_of(found) >= found->length)
		return false;
	*start = start_of(found);
	*end = *start + found->length;
	return true;
}

bool percpu_in_sequence(uintptr_t pc, uintptr_t *start, uintptr_t *end)
{
	if (_percpu_in_own_sequence(pc, start, end))
		return true;
	if (pc - kernel_start() < kernel_span())
		return false;
	for (struct percpu_sequences *s = follow(&list); s; s = follow(&s->next))
		if (in_sequence_of(s, pc, start, end))
			return true;
	return false;
}

uintptr_t percpu_restart(uintptr_t pc)
{
	uintptr_t start, end;

	return percpu_in_sequence(pc, &start, &end) ? start : pc;
}

/* Each is somewhere, has bytes, and all of them within the code. */
static bool are_within(const struct sequence *table, size_t count, uintptr_t code,
		       uintptr_t code_end)
{
	for (size_t i = 0; i < count; i++) {
		uintptr_t start = start_of(table + i), length = table[i].length;

		if (table[i].start == 0 || length == 0 || start < code || start > code_end ||
		    length > code_end - start)
			return false;
	}
	return true;
}

/* Whether it cannot be in the list: it is, or another one, or the kernel, has code where this has.
 */
static bool is_taken(const struct percpu_sequences *sequences, uintptr_t code, uintptr_t code_end)
{
	if (code < kernel_start() + kernel_span() && kernel_start() < code_end)
		return true;
	for (struct percpu_sequences *s = follow(&list); s; s = follow(&s->next))
		if (s == sequences || (code < s->code_end && s->code < code_end))
			return true;
	return false;
}

/* The table is sorted if it is right. */
static bool make_table(void *first, size_t size, uintptr_t code, uintptr_t code_end)
{
	size_t count = size / sizeof(struct sequence);

	if (size % sizeof(struct sequence) || !are_within(first, count, code, code_end))
		return false;
	sort(first, count);
	return in_order(first, count);
}

/* Member by member: a compiler would copy the whole by memcpy, which a kernel need not have. */
static void link_in(struct percpu_sequences *sequences, const void *first, size_t size,
		    uintptr_t code, uintptr_t code_end)
{
	sequences->next = follow(&list);
	sequences->first = first;
	sequences->count = size / sizeof(struct sequence);
	sequences->code = code;
	sequences->code_end = code_end;
	/* Pairs with follow, on every CPU. */
	__atomic_store_n(&list, sequences, __ATOMIC_RELEASE);
}

int percpu_sequences_add(struct percpu_sequences *sequences, void *first, void *last,
			 const void *code, const void *code_end)
{
	uintptr_t from = (uintptr_t)code, to = (uintptr_t)code_end;
	size_t size = (uintptr_t)last - (uintptr_t)first;

	(void)_percpu_check_made(); /* for the words: see lib/internal.h */
	if (!sequences || (!first && size) || (uintptr_t)first > (uintptr_t)last || !code ||
	    from >= to)
		return PERCPU_EINVAL;
	if ((uintptr_t)first % sizeof(uint32_t))
		return PERCPU_EALIGN;
	if (is_taken(sequences, from, to))
		return PERCPU_EALREADY;
	if (!make_table(first, size, from, to))
		return PERCPU_EORDER;
	link_in(sequences, first, size, from, to);
	return 0;
}

int percpu_sequences_remove(struct percpu_sequences *sequences)
{
	for (struct percpu_sequences **link = &list; follow(link); link = &follow(link)->next)
		if (follow(link) == sequences) {
			/* What is behind it is complete since it was added. */
			__atomic_store_n(link, sequences->next, __ATOMIC_RELEASE);
			return 0;
		}
	return PERCPU_EINVAL;
}

#else

int percpu_sequences_add(struct percpu_sequences *sequences, void *first, void *last,
			 const void *code, const void *code_end)
{
	(void)sequences;
	(void)first;
	(void)last;
	(void)code;
	(void)code_end;
	return 0;
}

int percpu_sequences_remove(struct percpu_sequences *sequences)
{
	(void)sequences;
	return 0;
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The table of restartable sequences (PERCPU__SEQUENCE_END in percpu/port.h), which the linker
 * collects. Without PERCPU_PREEMPT restart, and on x86_64, it is empty. It is only read, so all of
 * this works in any context, from the first instruction on.
 */
#include <percpu.h>

#include "internal.h"

struct sequence {
	int32_t start; /* relative to this entry */
	uint32_t length;
};

static uintptr_t start_of(const struct sequence *s)
{
	return (uintptr_t)s + (uintptr_t)(intptr_t)s->start;
}

/* The last sequence that does not start behind PC; NULL if there is none. */
static const struct sequence *last_before(uintptr_t pc)
{
	const struct sequence *first = _percpu_sequences_first();
	size_t count = (size_t)((const struct sequence *)_percpu_sequences_last() - first);

	while (count > 1) {
		size_t half = count / 2;

		if (start_of(first + half) <= pc)
			first += half;
		count -= half;
	}
	return count && start_of(first) <= pc ? first : NULL;
}

bool percpu_in_sequence(uintptr_t pc, uintptr_t *start, uintptr_t *end)
{
	const struct sequence *s = last_before(pc);

	if (!s || pc - start_of(s) >= s->length)
		return false;
	*start = start_of(s);
	*end = *start + s->length;
	return true;
}

uintptr_t percpu_restart(uintptr_t pc)
{
	uintptr_t start, end;

	return percpu_in_sequence(pc, &start, &end) ? start : pc;
}

bool _percpu_sequences_in_order(void)
{
	const struct sequence *last = _percpu_sequences_last();
	uintptr_t end = 0;

	for (const struct sequence *s = _percpu_sequences_first(); s < last; s++) {
		if (start_of(s) < end)
			return false;
		end = start_of(s) + s->length;
	}
	return true;
}

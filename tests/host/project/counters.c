/* SPDX-License-Identifier: 0BSD */
/* With one of the BUG_, what a mistake in it would be. */
#include "counters.h"

PERCPU_DEFINE(uint64_t, events);
PERCPU_DEFINE(uint32_t[TRACED], trace);
static PERCPU_DEFINE(size_t, next);

void count_event(uint32_t what)
{
	size_t place = percpu_read(next);

#ifdef BUG_INDEX
	place = what * 5 % 16;
#endif
	percpu_inc(events);
	percpu_write(trace[place], what);
	percpu_write(next, place + 1 == TRACED ? 0 : place + 1);
}

void clear_trace(void)
{
	uint32_t *word = *percpu_ptr(trace);
	size_t words = TRACED;

#ifdef BUG_OVERRUN
	words++;
#endif
	while (words--)
		*word++ = 0;
}

uint64_t count_all(void)
{
	return percpu_sum(events);
}

void give_events(size_t cpu, uint64_t more)
{
	percpu_write_on(events, cpu, percpu_read_on(events, cpu) + more);
}

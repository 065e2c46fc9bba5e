/* SPDX-License-Identifier: 0BSD */
/*
 * The clock is the time stamp counter: fast to read, the same on all CPUs. How fast it counts is
 * measured once, by a counter of known rate. Neither is believed: a port that is not there reads as
 * ones, a counter may be there and stand still, and the CPU may be taken away between two reads, by
 * firmware's SMIs or by the host of a virtual machine.
 */
#include "pc.h"

/* A port is read in 10 ns at the very least, and each counter has ticks of under a microsecond. */
#define READS_WITHOUT_A_TICK 100000

/* So 10 ms are over before so many. */
#define READS 1000000

/* So often something comes between before there is time for a measurement. */
enum { ATTEMPTS = 100 };

/* How much of what is measured may be uncertain: one part in so many. */
#define CERTAIN 50

/* What the counter had at some time between the two of the time stamp counter. */
struct sample {
	uint64_t before, after;
	uint32_t ticks;
};

static bool take_sample(const struct pc_counter *counter, uint64_t (*tsc)(void), struct sample *to)
{
	bool there;

	to->before = tsc();
	there = counter->read(&to->ticks);
	to->after = tsc();
	return there;
}

/* Whether the time between FIRST and NOW is known well, for little went by in reading either. */
static bool is_certain(const struct sample *first, const struct sample *now)
{
	uint64_t reading = (first->after - first->before) + (now->after - now->before);

	return reading <= (now->before - first->before) / CERTAIN;
}

/* Ticks from FIRST to NOW, if the counter has not gone round. */
static uint32_t ticks_to(const struct pc_counter *counter, const struct sample *first,
			 const struct sample *now)
{
	return (now->ticks - first->ticks) & counter->mask;
}

/* Whether so little time is between NOW and PREVIOUS, at the rate so far, that it has not. */
static bool follows(const struct pc_counter *counter, const struct sample *first,
		    const struct sample *previous, const struct sample *now)
{
	uint64_t a_quarter = counter->mask / 4 * (previous->after - first->before) /
			     (ticks_to(counter, first, previous) + UINT64_C(1));

	return now->after - previous->before <= a_quarter;
}

/*
 * Follows the counter until 10 ms are over, it has run out, or nobody knows if it has gone round.
 * Returns the ticks up to the LAST sample that is certain; SIZE_MAX if the counter stands still, or
 * goes to and fro.
 */
static size_t follow(const struct pc_counter *counter, uint64_t (*tsc)(void),
		     const struct sample *first, struct sample *last)
{
	struct sample now, previous = *first;
	uint32_t ticks = 0;

	for (size_t reads = 0, all = 0; ticks < counter->hz / 100; reads++, all++) {
		if (reads == READS_WITHOUT_A_TICK)
			return SIZE_MAX;
		/* None may be certain, for the first took too long: then it is to begin anew. */
		if (all == READS)
			return is_certain(first, last) ? SIZE_MAX : 0;
		if (!take_sample(counter, tsc, &now) || !follows(counter, first, &previous, &now))
			break;
		if (now.ticks != previous.ticks)
			reads = 0;
		previous = now;
		if (is_certain(first, &now)) {
			ticks = ticks_to(counter, first, &now);
			*last = now;
		}
	}
	return ticks;
}

/* Counts a millisecond, measured once; 0 if that failed, SIZE_MAX if it is to be given up. */
static uint64_t measure_once(const struct pc_counter *counter, uint64_t (*tsc)(void))
{
	struct sample first, last;
	size_t ticks;

	if (!take_sample(counter, tsc, &first))
		return 0;
	last = first;
	ticks = follow(counter, tsc, &first, &last);
	if (ticks == SIZE_MAX)
		return SIZE_MAX;
	if (!ticks || ticks < counter->hz / 1000)
		return 0;
	return (last.before - first.before) * counter->hz / 1000 / ticks;
}

/* Twice, the same: something that is no counter may look like one. */
uint64_t clock_measure(const struct pc_counter *counter, uint64_t (*tsc)(void))
{
	uint64_t rate, before = 0;

	for (size_t i = 0; i < ATTEMPTS && counter->start(); i++) {
		rate = measure_once(counter, tsc);
		if (rate == SIZE_MAX)
			break;
		if (rate >= CLOCK_SLOWEST && before && rate - before + before / 16 <= before / 8)
			return rate;
		before = rate;
	}
	return 0;
}

/* In two parts, for TSC * 1000 is more than 64 bits after some weeks. */
uint64_t clock_microseconds(uint64_t tsc, uint64_t per_millisecond)
{
	return tsc / per_millisecond * 1000 + tsc % per_millisecond * 1000 / per_millisecond;
}

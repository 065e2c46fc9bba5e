/* SPDX-License-Identifier: MIT */
/*
 * percpu_counter: a number that all CPUs add to and that some read. An add touches its own CPU's
 * copy; a read is one load of a shared word, off by a known amount at most; the sum is exact, and
 * looks at every CPU. docs/building-blocks.md says when not to take it.
 *
 *	static struct percpu_counter pages;
 *
 *	percpu_counter_init(&pages, 64)			0, or an error
 *	percpu_counter_add(&pages, -1)
 *	percpu_counter_read(&pages)			at most percpu_counter_error(&pages) off
 *	percpu_counter_sum(&pages)
 *
 * How. Each CPU's count only grows by what is added there and is never moved away, so the sum of
 * the counts is exact whatever else is under way: there is no lock, and no batch in flight that it
 * could miss. Apart from that the shared total follows, in steps of a grid of half a batch: the add
 * by which a count crosses lines of the grid owes the total what lies between them. It owes it
 * alone, for a count's value after an add is nobody else's. What is owed is gathered, in a second
 * word of each CPU, until it is more than one step; so a count that goes to and fro over a line
 * leaves the total alone. Of the true number the total then lacks, for each CPU, what its count is
 * past a line, from 0 to less than one step, and what is owed there, from -1 to 1 steps.
 *
 * Each change of the two words is one operation that takes account of no more than the value that
 * it finds. So all of it stays right if the caller is interrupted, by a handler that adds as well,
 * and, where operations need no pinned caller, if it is moved to another CPU at any point.
 *
 * Ordering: none. An add is relaxed, and so is a read: that a reader sees a number says nothing
 * about other memory. What happened before a sum, by an acquire whose partner is a release behind
 * the add, is in it.
 *
 * A CPU that is down keeps its count, and reads and sums go over all areas, so they stay right
 * while CPUs go down and come again.
 */
#ifndef PERCPU_COUNTER_H
#define PERCPU_COUNTER_H

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#include <percpu/blocks.h>

PERCPU__HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

struct percpu_counter_part {
	intptr_t count; /* the sum of what was added on this CPU */
	intptr_t owed;	/* to the total: 0, or one step up or down */
};

#define PERCPU__LINE_WORDS (PERCPU_CACHE_LINE / sizeof(uintptr_t))

/*
 * To be zero, or what percpu_counter_fini left, before percpu_counter_init. All members are the
 * library's. What each add reads has a cache line, and so has the total, which some write.
 */
struct percpu_counter {
	PERCPU_PTR(struct percpu_counter_part) part __attribute__((aligned(PERCPU_CACHE_LINE)));
	uintptr_t grid; /* the bits of a count that tell between which lines it is */
	uintptr_t apart[PERCPU__LINE_WORDS - 2];
	uintptr_t total;
	uintptr_t alone[PERCPU__LINE_WORDS - 1];
};

/*
 * percpu_counter_init - make a counter, at 0
 * @counter: aligned to PERCPU_CACHE_LINE, as its type is
 * @batch: how far a CPU's share may be from what a read has of it: a power of two from 2 on; any
 *	other number is rounded down to one, and less than 2 up to 2
 *
 * Returns 0, PERCPU_EALREADY (COUNTER is not zero: it has not ended by percpu_counter_fini), or the
 * error of percpu_alloc, PERCPU_ENOMEM for one; then nothing has changed.
 * Context: as percpu_alloc, before any other CPU uses the counter.
 */
int percpu_counter_init(struct percpu_counter *counter, size_t batch)
	PERCPU__API(percpu_counter_init) PERCPU__CHECKED;

/*
 * percpu_counter_fini - give back what the counter has allocated
 *
 * Every add, read and sum, on any CPU and in any handler, happens before it. Returns 0, also for
 * one that is zero, or the error of percpu_free.
 * Context: as percpu_free.
 */
int percpu_counter_fini(struct percpu_counter *counter)
	PERCPU__API(percpu_counter_fini) PERCPU__CHECKED;

/* The slow part of percpu_counter_add: the count went from BEFORE to AFTER, over a line. */
void _percpu_counter_cross(struct percpu_counter *counter, uintptr_t before, uintptr_t after)
	PERCPU__API(_percpu_counter_cross);

/*
 * percpu_counter_add - add to the counter
 * @amount: may be negative
 *
 * Cannot fail, waits for nothing, and takes no lock. Numbers are modulo 2 to the bits of a word.
 *
 * Context: as percpu_add, in interrupt handlers too. PERCPU_PREEMPT none: pinned. hooks: needs
 * nothing; each operation in it calls them. restart: needs nothing. In an NMI handler where
 * percpu_cmpxchg may be: not on riscv64 where PERCPU_SEQUENCES is 0.
 */
static inline void percpu_counter_add(struct percpu_counter *counter, intptr_t amount)
{
	PERCPU_PTR(struct percpu_counter_part) part = counter->part;
	uintptr_t after = (uintptr_t)percpu_add_return(percpu_at(part).count, amount);
	uintptr_t before = after - (uintptr_t)amount;

	if (!PERCPU__LIKELY(((before ^ after) & counter->grid) == 0))
		_percpu_counter_cross(counter, before, after);
}

/*
 * percpu_counter_read - about how much it is: one relaxed load
 *
 * While no add is under way, the sum and this differ by no more than percpu_counter_error. An add
 * that is under way, on any CPU or interrupted by a handler, may make the difference larger, by its
 * amount and one batch.
 *
 * Context: anywhere, also unpinned, and in NMI handlers.
 */
static inline intptr_t percpu_counter_read(const struct percpu_counter *counter)
{
	return (intptr_t)__atomic_load_n(&counter->total, __ATOMIC_RELAXED);
}

/*
 * percpu_counter_error - how far percpu_counter_read may be off: areas times batch
 *
 * Context: as percpu_counter_read.
 */
size_t percpu_counter_error(const struct percpu_counter *counter) PERCPU__API(percpu_counter_error);

/*
 * percpu_counter_sum - how much it is
 *
 * Has each add that happened before the call, once, and of the others any: counts are read one
 * after the other while their owners go on. Its time grows with the number of CPUs.
 *
 * Context: as percpu_counter_read.
 */
intptr_t percpu_counter_sum(const struct percpu_counter *counter) PERCPU__API(percpu_counter_sum);

#ifdef __cplusplus
}
#endif

PERCPU__HEADER_END

#endif

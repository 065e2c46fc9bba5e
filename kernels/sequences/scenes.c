/* SPDX-License-Identifier: 0BSD */
/*
 * For each sequence what the two CPUs have before, what the handler does, and what must come of it.
 * The handler does what would be unnoticed by a compare-and-exchange of one word: it takes two
 * nodes and gives the first back, or changes the second word of a pair and leaves the first.
 */
#include "sequences.h"

#include <stdbool.h>

PERCPU_DEFINE(struct node *, free_list);
PERCPU_DEFINE(uint64_t, ring_head);
PERCPU_DEFINE(uint64_t, ring_tail);
PERCPU_DEFINE(ring_slots_t, ring_slots);
PERCPU_DEFINE(uint64_t, pair_first);
PERCPU_DEFINE(uint64_t, pair_second);

/* ---- A free list: three nodes for each CPU ---- */

static struct node nodes[6];
static struct node *kept; /* the handler's */

static void list_prepare(uint64_t random)
{
	(void)random;
	kept = NULL;
	for (size_t i = 0; i < 6; i++)
		nodes[i].next = i % 3 < 2 ? &nodes[i + 1] : NULL;
	for (size_t cpu = 0; cpu < 2; cpu++)
		percpu_write_on(free_list, cpu, &nodes[3 * cpu]);
}

/* Of one word: whatever the list is made of when it succeeds, this is right. */
static void free_list_push(struct node *node)
{
	node->next = percpu_read(free_list);
	while (!percpu_try_cmpxchg(free_list, &node->next, node))
		;
}

static bool list_interfere(void)
{
	struct node *first = free_list_pop();

	kept = free_list_pop();
	if (first)
		free_list_push(first);
	return first != &nodes[0];
}

/* Each node is in one place: taken, kept or in the list of its CPU. */
static bool list_right(uint64_t result, size_t cpu, bool done)
{
	size_t times[6] = {0};
	struct node *taken = (struct node *)result; /* NOLINT: as free_list_pop returned it */

	(void)done;
	if (taken != &nodes[3 * cpu] || !kept)
		return false;
	times[taken - nodes]++;
	times[kept - nodes]++;
	for (size_t owner = 0; owner < 2; owner++) {
		struct node *node = percpu_read_on(free_list, owner);

		for (size_t i = 0; node && i < 3; i++, node = node->next)
			times[node - nodes] += (size_t)(node - nodes) / 3 == owner ? 1 : 2;
		if (node)
			return false;
	}
	for (size_t i = 0; i < 6; i++)
		if (times[i] != 1)
			return false;
	return true;
}

static uint64_t pop(uint64_t a, uint64_t b, size_t c)
{
	(void)a, (void)b, (void)c;
	return (uint64_t)free_list_pop();
}

/* ---- A ring: full of as many values as there are left for, by random ---- */

enum { OF_THREAD = 1000, OF_HANDLER = 2000 };

static uint64_t tails[2], filled[2];
static uint64_t handler_pushed;

static void ring_prepare(uint64_t random)
{
	for (size_t cpu = 0; cpu < 2; cpu++) {
		tails[cpu] = random >> 8;
		/* CPU 0 has room for one at least. */
		filled[cpu] = (random >> 4 * cpu) % (RING_SLOTS + cpu);
		percpu_write_on(ring_tail, cpu, tails[cpu]);
		percpu_write_on(ring_head, cpu, tails[cpu] + filled[cpu]);
		for (uint64_t n = 0; n < filled[cpu]; n++)
			(*percpu_ptr_on(ring_slots, cpu))[(tails[cpu] + n) % RING_SLOTS] = n;
	}
}

static bool ring_interfere(void)
{
	bool done = percpu_read(ring_head) != tails[0] + filled[0];

	handler_pushed = ring_push(OF_HANDLER);
	return done;
}

/* Whether the ring of CPU has what it had at first, and behind it these, as far as they are not 0
 */
static bool ring_is(size_t cpu, uint64_t next, uint64_t last)
{
	uint64_t n = tails[cpu], end = percpu_read_on(ring_head, cpu);
	const uint64_t *slots = *percpu_ptr_on(ring_slots, cpu);

	for (uint64_t i = 0; i < filled[cpu]; i++, n++)
		if (slots[n % RING_SLOTS] != i)
			return false;
	if (next && slots[n++ % RING_SLOTS] != next)
		return false;
	if (last && slots[n++ % RING_SLOTS] != last)
		return false;
	return n == end && percpu_read_on(ring_tail, cpu) == tails[cpu];
}

static bool ring_right(uint64_t result, size_t cpu, bool done)
{
	bool alone = cpu == 1, room = filled[cpu] + !alone - done < RING_SLOTS;
	uint64_t own = result ? OF_THREAD : 0, other = handler_pushed ? OF_HANDLER : 0;

	if (!!result != room || !!handler_pushed != (filled[0] + done < RING_SLOTS))
		return false;
	if (alone)
		return ring_is(0, other, 0) && ring_is(1, own, 0);
	return (done ? ring_is(0, own, other) : ring_is(0, other, own)) && ring_is(1, 0, 0);
}

static uint64_t push(uint64_t a, uint64_t b, size_t c)
{
	(void)a, (void)b, (void)c;
	return ring_push(OF_THREAD);
}

/* ---- Two words, and a store if both are as expected ---- */

enum { FIRST = 11, SECOND = 22, ANOTHER = 33, STORED = 44 };

static uint64_t second_there; /* what CPU 1 has */

static void pair_prepare(uint64_t random)
{
	second_there = random % 2 ? SECOND : ANOTHER;
	for (size_t cpu = 0; cpu < 2; cpu++) {
		percpu_write_on(pair_first, cpu, (uint64_t)FIRST);
		percpu_write_on(pair_second, cpu, cpu ? second_there : SECOND);
	}
}

static bool pair_interfere(void)
{
	percpu_write(pair_second, (uint64_t)ANOTHER);
	return percpu_read(pair_first) == STORED;
}

static bool pair_is(size_t cpu, uint64_t first, uint64_t second)
{
	return percpu_read_on(pair_first, cpu) == first &&
	       percpu_read_on(pair_second, cpu) == second;
}

static bool pair_right(uint64_t result, size_t cpu, bool done)
{
	bool there = cpu == 1 && second_there == SECOND;

	return result == (done || there) && pair_is(0, done ? STORED : FIRST, ANOTHER) &&
	       pair_is(1, there ? STORED : FIRST, second_there);
}

static uint64_t compare(uint64_t a, uint64_t b, size_t c)
{
	(void)a, (void)b, (void)c;
	return pair_store(FIRST, SECOND, STORED);
}

#define SCENE(sequence, kind, run)                                                                 \
	{                                                                                          \
		#sequence, (const char *)sequence, run, kind##_prepare, kind##_interfere,          \
			kind##_right                                                               \
	}
const struct scene_of_own scenes[] = {
	SCENE(free_list_pop, list, pop),
	SCENE(ring_push, ring, push),
	SCENE(pair_store, pair, compare),
	{"cache_pop", (const char *)cache_pop, cache_pop, cache_prepare, cache_take_two,
	 cache_pop_right},
	{"cache_push", (const char *)cache_push, cache_push, cache_prepare, cache_give_one,
	 cache_push_right},
};
const size_t scene_count = sizeof(scenes) / sizeof(scenes[0]);

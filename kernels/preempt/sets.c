/* SPDX-License-Identifier: 0BSD */
/* The sets of variables, all together, and the tallies added up. */
#include "preempt.h"

#include <kernels/common/kernel.h>

extern const struct set set_near_u8, set_near_u16, set_near_u32, set_near_u64, set_far_u8,
	set_far_u16, set_far_u32, set_far_u64, set_pairs, set_u128, set_blocks, set_cache;

static const struct set *const sets[SETS] = {
	&set_near_u8, &set_near_u16, &set_near_u32, &set_near_u64, &set_far_u8,
	&set_far_u16, &set_far_u32,  &set_far_u64,  &set_pairs,	   &set_u128,
#if PERCPU_IS_IMAGE
	&set_blocks,  &set_cache,
#endif
};

uint64_t no_guards(void)
{
	return 0;
}

static void prepare_party(struct tally *tallies, size_t number, uint64_t *random)
{
	for (size_t i = 0; i < SETS; i++)
		tallies[i] = (struct tally){.number = (uint8_t)number,
					    .of_handlers = number > MAX_THREADS,
					    .random = next_random(random)};
}

void sets_prepare(void)
{
	uint64_t random = 0;

	(void)option("seed", &random);
	random |= 1;
	for (size_t i = 0; i < SETS; i++)
		sets[i]->prepare();
	for (size_t i = 0; i < MAX_THREADS; i++) {
		prepare_party(threads[i].own, 1 + i, &random);
		prepare_party(threads[i].handlers, 1 + MAX_THREADS + i, &random);
	}
}

void sets_operate(struct tally *tallies)
{
	for (size_t i = 0; i < SETS; i++)
		sets[i]->operate(&tallies[i]);
}

static void add(struct tally *total, const struct tally *tally)
{
	total->added += tally->added;
	total->tickets += tally->tickets;
	total->xored ^= tally->xored;
	total->moved += tally->moved;
	total->exchanged += tally->exchanged;
	total->tried += tally->tried;
	total->paired += tally->paired;
	total->wrong += tally->wrong;
}

uint64_t sets_lost(void)
{
	uint64_t all = 0;

	for (size_t i = 0; i < SETS; i++) {
		struct tally total = {.added = 0};
		uint64_t lost;

		for (size_t thread = 0; thread < thread_count; thread++) {
			add(&total, &threads[thread].own[i]);
			add(&total, &threads[thread].handlers[i]);
		}
		lost = sets[i]->lost(&total);
		if (lost)
			print("# %s: %lu results are wrong\n", sets[i]->name, lost);
		all += lost;
	}
	return all;
}

uint64_t sets_guards_changed(void)
{
	uint64_t changed = 0;

	for (size_t i = 0; i < SETS; i++)
		changed += sets[i]->guards_changed();
	return changed;
}

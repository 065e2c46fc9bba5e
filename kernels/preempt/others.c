/* SPDX-License-Identifier: 0BSD */
/*
 * What is no integer of 1 to 8 bytes: structures, by percpu_with, and percpu_cmpxchg128.
 *
 * In a percpu_with block a thread stays on its CPU, but interrupts come, so the pairs are for
 * threads only. The two fields must be equal whenever nobody is in a block.
 */
#include <percpu.h>

#include "preempt.h"

#define GUARD UINT64_C(0xa596c3f05a69b4d2)

static uint64_t difference(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

struct pair {
	uint64_t guard;
	volatile uint64_t first, second;
	uint64_t guard_behind;
};

static PERCPU_DEFINE(struct pair, near_pair);
static PERCPU_DEFINE_FAR(struct pair, far_pair);

static void prepare_pairs(void)
{
	percpu_for_each (cpu) {
		*percpu_ptr_on(near_pair, cpu) = (struct pair){GUARD, 0, 0, GUARD};
		*percpu_ptr_on(far_pair, cpu) = (struct pair){GUARD, 0, 0, GUARD};
	}
}

static void count_pair(struct pair *pair, const struct pair *copy_of_this_cpu, struct tally *tally)
{
	uint64_t next = pair->first + 1;

	tally->wrong += one_if(pair->second + 1 != next || pair != copy_of_this_cpu);
	pair->first = next;
	pair->second = next;
	tally->paired++;
}

static void count_pairs(struct tally *tally)
{
	percpu_with(struct pair, p, near_pair)
	{
		count_pair(p, percpu_ptr_on(near_pair, percpu_cpu_id()), tally);
	}
	percpu_with(struct pair, p, far_pair)
	{
		count_pair(p, percpu_ptr_on(far_pair, percpu_cpu_id()), tally);
	}
}

/* Several times: among all the other operations the blocks would be interrupted too seldom. */
static void operate_pairs(struct tally *tally)
{
	for (size_t i = 0; i < 5 && !tally->of_handlers; i++)
		count_pairs(tally);
}

static uint64_t pairs_lost(const struct tally *total)
{
	uint64_t sum = 0, unequal = 0;

	percpu_for_each (cpu) {
		const struct pair *n = percpu_ptr_on(near_pair, cpu);
		const struct pair *f = percpu_ptr_on(far_pair, cpu);

		sum += n->first + f->first;
		unequal += one_if(n->first != n->second) + one_if(f->first != f->second);
	}
	return difference(sum, total->paired) + unequal + total->wrong;
}

static uint64_t pair_guards_changed(void)
{
	uint64_t changed = 0;

	percpu_for_each (cpu) {
		const struct pair *n = percpu_ptr_on(near_pair, cpu);
		const struct pair *f = percpu_ptr_on(far_pair, cpu);

		changed += one_if(n->guard != GUARD) + one_if(n->guard_behind != GUARD) +
			   one_if(f->guard != GUARD) + one_if(f->guard_behind != GUARD);
	}
	return changed;
}

const struct set set_pairs = {"structures", prepare_pairs, operate_pairs, pairs_lost,
			      pair_guards_changed};

/* Both halves count how often an exchange succeeded; the guards are halves as well. */
struct wide {
	uint64_t guard[2];
	percpu_u128 value;
	uint64_t guard_behind[2];
};

static PERCPU_DEFINE(struct wide, near_wide);
static PERCPU_DEFINE_FAR(struct wide, far_wide);

#ifdef PERCPU_HAVE_CMPXCHG128

#define BOTH_HALVES ((percpu_u128)1 << 64 | 1)

/* The first try reads, since it hardly ever finds what it expects; the second is to succeed. */
static void operate_wide(struct tally *tally)
{
	percpu_u128 seen = percpu_cmpxchg128(near_wide.value, GUARD, GUARD);

	if (percpu_cmpxchg128(near_wide.value, seen, seen + BOTH_HALVES) == seen)
		tally->exchanged++;
	seen = percpu_cmpxchg128(far_wide.value, GUARD, GUARD);
	if (percpu_cmpxchg128(far_wide.value, seen, seen + BOTH_HALVES) == seen)
		tally->exchanged++;
}

#else

/* Not on this architecture: the variables stay as they are. */
static void operate_wide(struct tally *tally)
{
	(void)tally;
}

#endif

static void prepare_wide(void)
{
	percpu_for_each (cpu) {
		*percpu_ptr_on(near_wide, cpu) = (struct wide){{GUARD, GUARD}, 0, {GUARD, GUARD}};
		*percpu_ptr_on(far_wide, cpu) = (struct wide){{GUARD, GUARD}, 0, {GUARD, GUARD}};
	}
}

static uint64_t wide_lost(const struct tally *total)
{
	uint64_t sum = 0, unequal = 0;

	percpu_for_each (cpu) {
		percpu_u128 n = percpu_ptr_on(near_wide, cpu)->value;
		percpu_u128 f = percpu_ptr_on(far_wide, cpu)->value;

		sum += (uint64_t)n + (uint64_t)f;
		unequal += one_if((uint64_t)n != n >> 64) + one_if((uint64_t)f != f >> 64);
	}
	return difference(sum, total->exchanged) + unequal;
}

static uint64_t changed_around(const struct wide *wide)
{
	return one_if(wide->guard[0] != GUARD) + one_if(wide->guard[1] != GUARD) +
	       one_if(wide->guard_behind[0] != GUARD) + one_if(wide->guard_behind[1] != GUARD);
}

static uint64_t wide_guards_changed(void)
{
	uint64_t changed = 0;

	percpu_for_each (cpu) {
		changed += changed_around(percpu_ptr_on(near_wide, cpu)) +
			   changed_around(percpu_ptr_on(far_wide, cpu));
	}
	return changed;
}

const struct set set_u128 = {"16 bytes", prepare_wide, operate_wide, wide_lost,
			     wide_guards_changed};

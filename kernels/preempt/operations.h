/* SPDX-License-Identifier: 0BSD */
/*
 * Every operation on variables of one size and kind. Included by a file for each, with TYPE, the
 * variables' type, DEFINE, what defines them, SET, the name of the struct set, and NAME in words:
 * all of them have static variables of the same names, which do not meet.
 *
 * The variables stand in an array, each between two guards. What must be true of them in the end,
 * whoever moved where in the meantime, is that nothing has come or gone but what was counted:
 *
 *	ADDED		the sum over the CPUs is what was added
 *	TICKET		as many were drawn as that says, each once: see tickets_lost
 *	XORED		the CPUs' copies, by exclusive or, give what was put in
 *	SET, CLEARED	a bit is set (cleared) by one party at a time, which claims it first;
 *			whoever finds it there takes it out and gives it back. So a bit that is
 *			claimed is in exactly one copy, and any other in none
 *	MOVED		what xchg took out and what is left is what xchg put in
 *	EXCHANGED, TRIED
 *			the sum over the CPUs is how often cmpxchg succeeded
 *	WRITTEN		one byte, the number of a party, repeated: half of one and half of
 *			another's would be seen
 */
#include <percpu.h>

#include "preempt.h"

enum {
	ADDED = 1,
	TICKET = 3,
	XORED = 5,
	BITS_SET = 7,
	BITS_CLEARED = 9,
	MOVED = 11,
	EXCHANGED = 13,
	TRIED = 15,
	WRITTEN = 17,
	VALUES = 19
};

#define ALL_ONES ((TYPE) ~(TYPE)0)
#define GUARD ((TYPE)0xa596c3f05a69b4d2)
#define REPEATED ((TYPE)0x0101010101010101)

static DEFINE(TYPE[VALUES], values);

static uint64_t claimed_set, claimed_cleared; /* bits, by atomic operations */

static void prepare(void)
{
	percpu_for_each (cpu) {
		TYPE *v = *percpu_ptr_on(values, cpu);

		for (size_t i = 0; i < VALUES; i++)
			v[i] = i % 2 ? 0 : GUARD;
		v[BITS_CLEARED] = ALL_ONES;
	}
}

static void arithmetic(struct tally *tally)
{
	TYPE by = (TYPE)next_random(&tally->random);

	percpu_add(values[ADDED], by);
	percpu_inc(values[ADDED]);
	(void)percpu_add_return(values[ADDED], by);
	percpu_sub(values[ADDED], 5);
	(void)percpu_dec_return(values[ADDED]);
	percpu_dec(values[ADDED]);
	tally->added += by + UINT64_C(1) + by - 5 - 1 - 1;
	tally->tickets += percpu_inc_return(values[TICKET]);
	percpu_xor(values[XORED], by);
	tally->xored ^= by;
}

/* The bit that TALLY may now use, or 0. */
static TYPE claim(uint64_t *claimed, struct tally *tally)
{
	uint64_t bit = UINT64_C(1) << next_random(&tally->random) % (8 * sizeof(TYPE));

	return __atomic_fetch_or(claimed, bit, __ATOMIC_SEQ_CST) & bit ? 0 : (TYPE)bit;
}

/* Gives bits back that were found in a copy: each must have been claimed. */
static void give_back(uint64_t *claimed, TYPE bits, struct tally *tally)
{
	uint64_t before = __atomic_fetch_and(claimed, ~(uint64_t)bits, __ATOMIC_SEQ_CST);

	tally->wrong += count_bits(bits & ~before);
}

static void bits(struct tally *tally)
{
	TYPE bit = claim(&claimed_set, tally);

	if (bit)
		percpu_or(values[BITS_SET], bit);
	bit = claim(&claimed_cleared, tally);
	if (bit)
		percpu_and(values[BITS_CLEARED], (TYPE)~bit);
	if (next_random(&tally->random) % 4)
		return;
	give_back(&claimed_set, percpu_xchg(values[BITS_SET], 0), tally);
	give_back(&claimed_cleared, (TYPE)~percpu_xchg(values[BITS_CLEARED], ALL_ONES), tally);
}

static void exchanges(struct tally *tally)
{
	TYPE value = (TYPE)next_random(&tally->random);

	tally->moved += value;
	tally->moved -= percpu_xchg(values[MOVED], value);
	value = percpu_read(values[EXCHANGED]);
	if (percpu_cmpxchg(values[EXCHANGED], value, (TYPE)(value + 1)) == value)
		tally->exchanged++;
	value = percpu_read(values[TRIED]);
	if (percpu_try_cmpxchg(values[TRIED], &value, (TYPE)(value + 1)))
		tally->tried++;
}

static void writes(struct tally *tally)
{
	TYPE value;

	percpu_write(values[WRITTEN], (TYPE)(tally->number * REPEATED));
	value = percpu_read(values[WRITTEN]);
	tally->wrong +=
		one_if(value != (TYPE)((uint8_t)value * REPEATED) || (uint8_t)value > PARTIES);
}

static void operate(struct tally *tally)
{
	arithmetic(tally);
	bits(tally);
	exchanges(tally);
	writes(tally);
}

/*
 * On a CPU with n drawn the tickets 1 to n came out, n * (n + 1) / 2 together. Of n the variable
 * has kept all bits of its width, so of that all but the highest are known.
 */
static uint64_t tickets_lost(uint64_t drawn)
{
	percpu_for_each (cpu) {
		uint64_t n = percpu_read_on(values[TICKET], cpu);

		drawn -= n % 2 ? (n + 1) / 2 * n : n / 2 * (n + 1);
	}
	return one_if((TYPE)(drawn << 1) != 0);
}

/* Bits that are claimed but in no copy, in a copy but not claimed, or in more than one. */
static uint64_t bits_lost(void)
{
	uint64_t set = 0, cleared = 0, lost = 0;

	percpu_for_each (cpu) {
		TYPE here = percpu_read_on(values[BITS_SET], cpu);
		TYPE away = (TYPE)~percpu_read_on(values[BITS_CLEARED], cpu);

		lost += count_bits(set & here) + count_bits(cleared & away);
		set |= here;
		cleared |= away;
	}
	return lost + count_bits(set ^ claimed_set) + count_bits(cleared ^ claimed_cleared);
}

static uint64_t lost(const struct tally *total)
{
	TYPE added = (TYPE)total->added, xored = (TYPE)total->xored, moved = (TYPE)total->moved;
	TYPE exchanged = (TYPE)total->exchanged, tried = (TYPE)total->tried;

	percpu_for_each (cpu) {
		added = (TYPE)(added - percpu_read_on(values[ADDED], cpu));
		xored = (TYPE)(xored ^ percpu_read_on(values[XORED], cpu));
		moved = (TYPE)(moved - percpu_read_on(values[MOVED], cpu));
		exchanged = (TYPE)(exchanged - percpu_read_on(values[EXCHANGED], cpu));
		tried = (TYPE)(tried - percpu_read_on(values[TRIED], cpu));
	}
	return one_if(added != 0) + one_if(xored != 0) + one_if(moved != 0) +
	       one_if(exchanged != 0) + one_if(tried != 0) + tickets_lost(total->tickets) +
	       bits_lost() + total->wrong;
}

static uint64_t guards_changed(void)
{
	uint64_t changed = 0;

	percpu_for_each (cpu) {
		const TYPE *v = *percpu_ptr_on(values, cpu);

		for (size_t i = 0; i < VALUES; i += 2)
			changed += one_if(v[i] != GUARD);
	}
	return changed;
}

const struct set SET = {NAME, prepare, operate, lost, guards_changed};

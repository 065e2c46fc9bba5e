/* SPDX-License-Identifier: 0BSD */
/*
 * What is built on per-CPU variables (docs/building-blocks.md), as one more set: a counter, whose
 * sum must be what was added; a record, whose two words must be equal in every read; a reference,
 * released once; and a lock, under which two words must be equal for readers. Threads are moved
 * between any two instructions of all this, and handlers do it too.
 */
#include <percpu.h>

#include "preempt.h"

#if PERCPU_IS_IMAGE
#include <kernels/common/kernel.h>
#include <percpu/counter.h>
#include <percpu/record.h>
#include <percpu/ref.h>
#include <percpu/rlock.h>

#define BATCH 16

static struct percpu_counter counter;
static PERCPU_RECORD(uint64_t[2]) record;
static struct percpu_ref ref;
static struct percpu_rlock lock;
static uint64_t locked[2]; /* relaxed, all of them: the lock orders */
static uint64_t released;

static void release(struct percpu_ref *of)
{
	(void)of;
	released++;
}

static void stop_at(int error)
{
	if (error)
		tap_bail_out("a building block cannot be made: %s", percpu_strerror(error));
}

static void prepare(void)
{
	stop_at(percpu_counter_init(&counter, BATCH));
	stop_at(percpu_record_init(&record));
	stop_at(percpu_ref_init(&ref, release));
	stop_at(percpu_rlock_init(&lock));
}

static void write_record(struct tally *tally)
{
	percpu_record_write(&record)
	{
		percpu_add(percpu_record_at(&record)[0], 1);
		percpu_add(percpu_record_at(&record)[1], 1);
	}
	tally->paired++;
}

/* One that is written, by whoever was interrupted too, is not read. */
static void read_record(struct tally *tally)
{
	size_t cpu = next_random(&tally->random) % percpu_area_num();
	uint64_t words[2] = {0, 0};

	if (percpu_record_read(&record, cpu, &words, 2) == 0)
		tally->wrong += one_if(words[0] != words[1]);
}

static void hold_reference(struct tally *tally)
{
	percpu_ref_get(&ref);
	tally->wrong += one_if(!percpu_ref_try_get(&ref));
	percpu_ref_put(&ref);
	percpu_ref_put(&ref);
}

static void read_locked(struct tally *tally)
{
	uint64_t first;

	if (!percpu_rlock_try_read(&lock))
		return;
	first = __atomic_load_n(&locked[0], __ATOMIC_RELAXED);
	tally->wrong += one_if(__atomic_load_n(&locked[1], __ATOMIC_RELAXED) != first);
	percpu_rlock_read_unlock(&lock);
}

static void write_locked(void)
{
	if (percpu_rlock_write_lock(&lock, 1))
		return;
	for (size_t i = 0; i < 2; i++)
		__atomic_store_n(&locked[i], __atomic_load_n(&locked[i], __ATOMIC_RELAXED) + 1,
				 __ATOMIC_RELAXED);
	percpu_rlock_write_unlock(&lock);
}

static void operate(struct tally *tally)
{
	uint64_t amount = next_random(&tally->random) % 15 - 7;

	percpu_counter_add(&counter, (intptr_t)amount);
	tally->added += amount;
	write_record(tally);
	read_record(tally);
	hold_reference(tally);
	read_locked(tally);
	if (!tally->of_handlers && amount == 0)
		write_locked();
}

static uint64_t counter_lost(uint64_t added)
{
	uint64_t sum = (uint64_t)percpu_counter_sum(&counter);
	uint64_t error = percpu_counter_error(&counter);
	uint64_t off = sum - (uint64_t)percpu_counter_read(&counter) + error;

	return one_if(sum != added) + one_if(off > 2 * error);
}

static uint64_t record_lost(uint64_t written)
{
	uint64_t sum = 0, lost = 0, words[2] = {0, 0};

	percpu_for_each (cpu) {
		if (percpu_record_read(&record, cpu, &words, 1) || words[0] != words[1])
			lost++;
		else
			sum += words[0];
	}
	return lost + one_if(sum != written);
}

/* All CPUs are quiet by now, and stay so: there is no call that a grace period would wait for. */
static uint64_t ref_lost(void)
{
	uint64_t early = released;

	if (!percpu_ref_kill(&ref) || !percpu_ref_killed(&ref))
		return 1;
	return early + one_if(released != 1) + one_if(percpu_ref_fini(&ref) != 0);
}

static uint64_t lost(const struct tally *total)
{
	return counter_lost(total->added) + record_lost(total->paired) + ref_lost() +
	       one_if(locked[0] != locked[1]) + one_if(percpu_rlock_fini(&lock) != 0) +
	       total->wrong;
}

const struct set set_blocks = {"building blocks", prepare, operate, lost, no_guards};

#endif

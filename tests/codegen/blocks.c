/* SPDX-License-Identifier: MIT */
/* The fast paths of percpu/counter.h, record.h, ref.h and rlock.h, for blocks.py to count. */
#include <percpu/counter.h>
#include <percpu/record.h>
#include <percpu/ref.h>
#include <percpu/rlock.h>

typedef PERCPU_RECORD(uint64_t[2]) record_of_two;

void counter_add(struct percpu_counter *counter, intptr_t amount)
{
	percpu_counter_add(counter, amount);
}

intptr_t counter_read(struct percpu_counter *counter)
{
	return percpu_counter_read(counter);
}

/* What a write is beside its words. */
void record_write(record_of_two *record)
{
	percpu_record_write(record) __asm__ volatile("");
}

void ref_get(struct percpu_ref *ref)
{
	percpu_ref_get(ref);
}

/* A name that counts as slow: what is counted is the other way. */
void percpu_ref_refused(void);

void ref_try_get(struct percpu_ref *ref)
{
	if (!percpu_ref_try_get(ref))
		percpu_ref_refused();
}

void ref_put(struct percpu_ref *ref)
{
	percpu_ref_put(ref);
}

int rlock_read_lock(struct percpu_rlock *lock)
{
	return percpu_rlock_read_lock(lock, 1000);
}

void rlock_read_unlock(struct percpu_rlock *lock)
{
	percpu_rlock_read_unlock(lock);
}

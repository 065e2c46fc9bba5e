/* SPDX-License-Identifier: 0BSD */
/*
 * C40: everything that percpu/counter.h, record.h, ref.h and rlock.h have, in C and in C++, written
 * so that no warning of any compiler is this program's own. With NARROW there is one: a value that
 * its number cannot hold.
 */
#include <percpu/counter.h>
#include <percpu/record.h>
#include <percpu/ref.h>
#include <percpu/rlock.h>

typedef struct {
	uint64_t packets;
	uint64_t bytes;
	uint64_t each[4];
} traffic;
typedef PERCPU_RECORD(traffic) traffic_record;

void on_release(struct percpu_ref *ref);
int use_counter(struct percpu_counter *counter);
int use_record(traffic_record *record, size_t cpu);
int use_ref(struct percpu_ref *ref);
int use_rlock(struct percpu_rlock *lock);

int use_counter(struct percpu_counter *counter)
{
	int error = percpu_counter_init(counter, 64);

	percpu_counter_add(counter, 5);
	percpu_counter_add(counter, -5);
#ifdef NARROW
	percpu_counter_add(counter, (double)error);
#endif
	if (percpu_counter_read(counter) || percpu_counter_sum(counter) ||
	    percpu_counter_error(counter))
		error = PERCPU_EBUSY;
	return error ? error : percpu_counter_fini(counter);
}

int use_record(traffic_record *record, size_t cpu)
{
	static traffic now;
	int error = percpu_record_init(record);

	percpu_record_write(record)
	{
		percpu_add(percpu_record_at(record).packets, 1);
		percpu_write(percpu_record_at(record).bytes, 2);
		percpu_inc(percpu_record_at(record).each[cpu]);
	}
	if (!error)
		error = percpu_record_read(record, cpu, &now, 10);
	return error ? error : percpu_record_fini(record);
}

int use_ref(struct percpu_ref *ref)
{
	int error = percpu_ref_init(ref, on_release);

	percpu_ref_get(ref);
	percpu_ref_put(ref);
	if (percpu_ref_try_get(ref))
		percpu_ref_put(ref);
	if (percpu_ref_kill(ref) && percpu_ref_killed(ref))
		return error;
	return percpu_ref_fini(ref);
}

int use_rlock(struct percpu_rlock *lock)
{
	int error = percpu_rlock_init(lock);

	if (percpu_rlock_try_read(lock))
		percpu_rlock_read_unlock(lock);
	if (!percpu_rlock_read_lock(lock, 10))
		percpu_rlock_read_unlock(lock);
	if (!percpu_rlock_write_lock(lock, 10))
		percpu_rlock_write_unlock(lock);
	return error ? error : percpu_rlock_fini(lock);
}

/* SPDX-License-Identifier: MIT */
/* The writer of percpu/rlock.h, and readers that wait for it. The argument is there. */
#include <percpu.h>

#if PERCPU_IS_IMAGE
#include <percpu/rlock.h>

#include "internal.h"

int percpu_rlock_init(struct percpu_rlock *lock)
{
	int error = lock->readers ? PERCPU_EALREADY : percpu_alloc(&lock->readers);

	if (!error)
		lock->writer = 0;
	return error;
}

/* Who has left is summed first: see the header. */
static bool nobody_reads(struct percpu_rlock *lock)
{
	PERCPU_PTR(struct percpu_rlock_readers) readers = lock->readers;
	uint64_t left = percpu_sum(percpu_at(readers).left);
	uint64_t entered;

	/* Partner: the release fence of percpu_rlock_read_unlock. */
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	entered = percpu_sum(percpu_at(readers).entered);
	if (PERCPU_DEBUG && entered - left > UINT64_MAX / 2)
		_percpu_fail("percpu: percpu_rlock_read_unlock more often than there were readers");
	return entered == left;
}

int percpu_rlock_fini(struct percpu_rlock *lock)
{
	if (!lock->readers)
		return 0;
	if (__atomic_load_n(&lock->writer, __ATOMIC_RELAXED) != 0 || !nobody_reads(lock))
		return PERCPU_EBUSY;
	return percpu_free(&lock->readers);
}

int _percpu_rlock_read_lock(struct percpu_rlock *lock, size_t tries)
{
	while (tries-- > 1) {
		percpu_arch_pause();
		/* No entering and leaving while a writer is seen: it would have to wait for that.
		 */
		if (__atomic_load_n(&lock->writer, __ATOMIC_RELAXED) == 0 &&
		    percpu_rlock_try_read(lock))
			return 0;
	}
	return PERCPU_EBUSY;
}

int percpu_rlock_write_lock(struct percpu_rlock *lock, size_t tries)
{
	while (!percpu_arch_cas(&lock->writer, 0, 1)) {
		if (tries-- <= 1)
			return PERCPU_EBUSY;
		percpu_arch_pause();
	}
	/* Partner: the full fence of percpu_rlock_try_read. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	while (!nobody_reads(lock)) {
		if (tries-- <= 1) {
			percpu_rlock_write_unlock(lock);
			return PERCPU_EBUSY;
		}
		percpu_arch_pause();
	}
	return 0;
}

/* Partners: the acquires of the next writer's compare-and-swap and of percpu_rlock_try_read. */
void percpu_rlock_write_unlock(struct percpu_rlock *lock)
{
	if (PERCPU_DEBUG && __atomic_load_n(&lock->writer, __ATOMIC_RELAXED) == 0)
		_percpu_fail("percpu: percpu_rlock_write_unlock of a lock that no writer has");
	__atomic_store_n(&lock->writer, 0, __ATOMIC_RELEASE);
}

#endif

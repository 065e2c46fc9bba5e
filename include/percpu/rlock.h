/* SPDX-License-Identifier: MIT */
/*
 * percpu_rlock: a lock for what is read all the time, on all CPUs, and written hardly ever. Any
 * number of readers, or one writer. A reader writes nothing that another CPU reads but a writer; a
 * writer looks at every CPU. docs/building-blocks.md says when not to take it.
 *
 *	static struct percpu_rlock routes;
 *
 *	percpu_rlock_init(&routes)			0, or an error
 *	if (percpu_rlock_read_lock(&routes, tries) == 0) {
 *		...
 *		percpu_rlock_read_unlock(&routes);
 *	}
 *	if (percpu_rlock_write_lock(&routes, tries) == 0) {
 *		...
 *		percpu_rlock_write_unlock(&routes);
 *	}
 *
 * How. Each CPU counts who has entered and, in another word, who has left. A reader enters, and
 * then looks for a writer; if there is one it leaves again, and is no reader. A writer says that it
 * is there, and then sums, first who has left, then who has entered: if these are equal, there is
 * no reader.
 *
 * Two counts, because one that goes up and down can be summed wrong: of one who enters on a CPU
 * that was looked at already, and leaves on one that was not yet, the sum has the -1 alone, which
 * cancels a reader who is there. Here a sum that has somebody's leaving has the entering: it came
 * before, and is looked for after. So it may be too high, and then the writer looks again, but
 * never too low, wherever a reader leaves, and wherever one who is turned away does.
 *
 * Ordering. Reader: enter; full fence; look for a writer. Writer: compare-and-swap that says so;
 * full fence; sum. Of two fences one comes first: either the reader's look is after what the writer
 * said, and it is turned away, or the writer's sum is after the reader's entering, and has it. The
 * look is an acquire; partner: the release store of percpu_rlock_write_unlock; so readers see what
 * the last writer wrote. Leaving is a release fence and a relaxed add; partner: the acquire fence
 * between the writer's two sums; so it has what readers did, and has seen those enter whom it has
 * seen leave. A writer gets the last one's work by the compare-and-swap, an acquire, whose partner
 * is the same release store.
 *
 * Who may wait for whom. A handler that interrupts a reader or a writer of its own CPU cannot wait
 * for it. So handlers take it by percpu_rlock_try_read, or by the others with 1 as TRIES; and while
 * a writer waits, readers are turned away, so that a thread that reads must not read again inside
 * and wait for it.
 *
 * Contents persist while a CPU is down, and the sums go over all areas; a reader may leave on
 * another CPU than it entered on.
 */
#ifndef PERCPU_RLOCK_H
#define PERCPU_RLOCK_H

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#include <percpu/blocks.h>

PERCPU__HEADER_BEGIN

#ifdef __cplusplus
extern "C" {
#endif

struct percpu_rlock_readers {
	uintptr_t entered;
	uintptr_t left;
};

/*
 * To be zero, or what percpu_rlock_fini left, before percpu_rlock_init. All members are the
 * library's.
 */
struct percpu_rlock {
	PERCPU_PTR(struct percpu_rlock_readers) readers;
	uintptr_t writer; /* 1 from when a writer waits for readers until it unlocks */
};

/*
 * percpu_rlock_init - make a lock that nobody has
 *
 * Returns 0, PERCPU_EALREADY (LOCK is not zero: it has not ended by percpu_rlock_fini), or the
 * error of percpu_alloc; then nothing has changed. Context: as percpu_alloc, before any other CPU
 * uses the lock.
 */
int percpu_rlock_init(struct percpu_rlock *lock) PERCPU__API(percpu_rlock_init) PERCPU__CHECKED;

/*
 * percpu_rlock_fini - give back what the lock has allocated
 *
 * Returns 0, also for one that is zero, PERCPU_EBUSY if somebody has the lock or is trying, or the
 * error of percpu_free. That nobody comes any more is the caller's business.
 * Context: as percpu_free.
 */
int percpu_rlock_fini(struct percpu_rlock *lock) PERCPU__API(percpu_rlock_fini) PERCPU__CHECKED;

/*
 * percpu_rlock_read_unlock - stop to read; on any CPU
 *
 * One too many lets a writer in beside a reader. PERCPU_DEBUG calls percpu_panic when a writer, or
 * percpu_rlock_fini, finds that more have left than entered.
 * Context: as percpu_rlock_try_read.
 */
static inline void percpu_rlock_read_unlock(struct percpu_rlock *lock)
{
	PERCPU_PTR(struct percpu_rlock_readers) readers = lock->readers;

	__atomic_thread_fence(__ATOMIC_RELEASE);
	percpu_add(percpu_at(readers).left, 1);
}

/*
 * percpu_rlock_try_read - read, if there is no writer
 *
 * Returns whether the caller is a reader now. It waits for nothing.
 *
 * Context: as percpu_add, in interrupt handlers too; in an NMI handler where percpu_add may be.
 * PERCPU_PREEMPT none: pinned for the call, not for what comes between it and the unlock. hooks and
 * restart: needs nothing.
 */
static inline bool percpu_rlock_try_read(struct percpu_rlock *lock)
{
	PERCPU_PTR(struct percpu_rlock_readers) readers = lock->readers;

	percpu_add(percpu_at(readers).entered, 1);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (PERCPU__LIKELY(__atomic_load_n(&lock->writer, __ATOMIC_ACQUIRE) == 0))
		return true;
	percpu_rlock_read_unlock(lock);
	return false;
}

/* The slow part of percpu_rlock_read_lock: there was a writer. */
int _percpu_rlock_read_lock(struct percpu_rlock *lock, size_t tries)
	PERCPU__API(_percpu_rlock_read_lock);

/*
 * percpu_rlock_read_lock - read, and wait for a writer
 * @tries: how often to look, at least once; between two looks is percpu_arch_pause. SIZE_MAX: for
 *	ever, for all that matters
 *
 * Returns 0, or PERCPU_EBUSY: there was a writer all the time, and the caller is no reader.
 * Context: as percpu_rlock_try_read; but see "Who may wait for whom".
 */
static inline PERCPU__CHECKED int percpu_rlock_read_lock(struct percpu_rlock *lock, size_t tries)
{
	if (PERCPU__LIKELY(percpu_rlock_try_read(lock)))
		return 0;
	return _percpu_rlock_read_lock(lock, tries);
}

/*
 * percpu_rlock_write_lock - keep new readers and writers away, and wait for those who are there
 * @tries: how often to look, for other writers and for readers together, at least once for each;
 *	as percpu_rlock_read_lock
 *
 * Returns 0, or PERCPU_EBUSY: there was another writer, or a reader, all the time; readers and
 * writers may come again, and the caller is none.
 * Context: anywhere, preemption on or off; but see "Who may wait for whom". Each look's time grows
 * with the number of CPUs.
 */
int percpu_rlock_write_lock(struct percpu_rlock *lock, size_t tries)
	PERCPU__API(percpu_rlock_write_lock) PERCPU__CHECKED;

/*
 * percpu_rlock_write_unlock - stop to write; on any CPU
 *
 * By who does not have it, it lets others in beside the writer; PERCPU_DEBUG calls percpu_panic if
 * there is none.
 * Context: anywhere.
 */
void percpu_rlock_write_unlock(struct percpu_rlock *lock) PERCPU__API(percpu_rlock_write_unlock);

#ifdef __cplusplus
}
#endif

PERCPU__HEADER_END

#endif

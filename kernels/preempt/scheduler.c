/* SPDX-License-Identifier: 0BSD */
/*
 * Threads, and one run queue for all CPUs: whichever comes first takes the thread at the head, so
 * that threads migrate all the time. Only handlers of the timer's interrupt come here, with
 * interrupts off.
 *
 * A handler runs on the stack of the thread that it interrupted, until it has returned another
 * frame to the entry code. Until then nobody else may go on with that thread: it is kept back, in a
 * per-CPU variable, and put into the queue at this CPU's next interrupt.
 */
#include "preempt.h"

#include <kernels/common/kernel.h>
#include <percpu.h>

struct thread threads[MAX_THREADS];
size_t thread_count;
size_t migrations;
size_t threads_finished, threads_scheduled;

/* The queue, and the lock that it is under; how often that was taken. */
static size_t locked, lock_count;
static struct thread *head, **tail = &head;

static PERCPU_DEFINE(struct thread *, kept_back);
static PERCPU_DEFINE(struct trap_frame *, idle_frame);

static bool try_lock(void)
{
	/*
	 * The acquire pairs with the release in unlock. What a thread wrote on one CPU, its frame
	 * and stack among it, came before that CPU put it into the queue, and so before what it
	 * does on the CPU that takes it from there.
	 */
	return !__atomic_exchange_n(&locked, 1, __ATOMIC_ACQUIRE);
}

/* With many CPUs on a busy host others may have it many times before it is this one's turn. */
static void lock(void)
{
	size_t seen = 0;
	uint64_t until = 0;

	while (!try_lock()) {
		size_t count = __atomic_load_n(&lock_count, __ATOMIC_RELAXED);

		if (!until || count != seen)
			until = board_microseconds() + WAIT_MICROSECONDS;
		else if (board_microseconds() > until)
			tap_bail_out("cpu %zu: the run queue has been locked for 10 s: look for a "
				     "CPU that stopped while it held the lock",
				     percpu_cpu_id());
		seen = count;
		arch_pause();
	}
	__atomic_store_n(&lock_count, lock_count + 1, __ATOMIC_RELAXED);
}

static void unlock(void)
{
	__atomic_store_n(&locked, 0, __ATOMIC_RELEASE);
}

static void put(struct thread *thread)
{
	thread->next = NULL;
	*tail = thread;
	tail = &thread->next;
}

/* The thread at the head, or NULL. */
static struct thread *take(void)
{
	struct thread *thread = head;

	if (thread)
		head = thread->next;
	if (!head)
		tail = &head;
	return thread;
}

void thread_start_later(struct thread *thread, void (*entry)(void *))
{
	thread->frame = arch_frame_create(thread->stack + sizeof(thread->stack), entry, thread);
	thread->cpu = SIZE_MAX;
	put(thread);
}

struct thread *thread_of(const void *stack)
{
	uintptr_t place = (uintptr_t)stack - (uintptr_t)threads;

	return place < sizeof(threads) ? &threads[place / sizeof(threads[0])] : NULL;
}

/* Keeps back the one that this CPU leaves, and tells the one that was. */
static struct thread *leave(struct trap_frame *interrupted)
{
	struct thread *leaving = thread_of(interrupted);
	struct thread *before = percpu_xchg(kept_back, leaving);

	if (leaving)
		leaving->frame = interrupted;
	else
		percpu_write(idle_frame, interrupted);
	return before;
}

struct trap_frame *schedule(struct trap_frame *interrupted)
{
	struct thread *before = leave(interrupted), *next;

	/*
	 * Taken before the other is put: where threads are no more than CPUs, the queue is empty,
	 * and each CPU would take its own again, for ever.
	 */
	lock();
	next = take();
	if (before && before->finished)
		/* The release pairs with the acquire in main.c: its tallies are complete. */
		__atomic_fetch_add(&threads_finished, 1, __ATOMIC_RELEASE);
	else if (before)
		put(before);
	unlock();
	if (!next)
		return percpu_read(idle_frame);
	__atomic_fetch_add(&threads_scheduled, 1, __ATOMIC_RELAXED);
	if (next->cpu != SIZE_MAX && next->cpu != percpu_cpu_id())
		__atomic_fetch_add(&migrations, 1, __ATOMIC_RELAXED);
	next->cpu = percpu_cpu_id();
	return next->frame;
}

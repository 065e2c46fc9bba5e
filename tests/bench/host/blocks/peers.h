/* SPDX-License-Identifier: MIT */
/*
 * What others do for the jobs of percpu/counter.h, record.h, ref.h and rlock.h. Written here, from
 * how it is documented; docs/bench.md says what each guarantees.
 */
#ifndef PEERS_H
#define PEERS_H

#include "../host.h"

/* Of both counters. */
enum { BATCH = 64 };

#define LINE __attribute__((aligned(PERCPU_CACHE_LINE)))
#define BARRIER() __asm__ volatile("" : : : "memory")

/*
 * ---- Linux. Its counter: a compare-and-exchange of this CPU's part, or, where it gets as far as
 * the batch, a lock around moving it to the total. Its reference: a look at the mode, and a count,
 * in a section that a preemptible kernel turns preemption off for. Its lock for readers: the same
 * section, a look whether a writer has come, and a count. Writers wait for a grace period, so there
 * is no fence. ----
 */

static PERCPU_DEFINE_FAR(int64_t, part);
static PERCPU_DEFINE(uint32_t, preempt_count);
static PERCPU_DEFINE_FAR(uint64_t, linux_references);
static PERCPU_DEFINE_FAR(uint64_t, linux_readers);
static struct {
	uint32_t lock;
	int64_t total;
} linux_counter LINE;
static struct {
	uintptr_t count; /* the address, and the mode in its lowest bits */
	uintptr_t state;
	uintptr_t readers;
} linux_shared LINE;

static void prepare_linux(void)
{
	linux_shared.count = (uintptr_t)&percpu__linux_references;
	linux_shared.readers = (uintptr_t)&percpu__linux_readers;
}

/* Of the variable at an address that is known at run time; "memory": which, nobody knows. */
static inline void add_to(uintptr_t at, uint64_t by)
{
	__asm__ volatile("addq %1, %%gs:(%0)" : : "r"(at), "re"(by) : "memory", "cc");
}

static void linux_flush(int64_t sum)
{
	while (__atomic_exchange_n(&linux_counter.lock, 1, __ATOMIC_ACQUIRE))
		percpu_arch_pause();
	linux_counter.total += sum;
	percpu_sub(part, sum - 1);
	__atomic_store_n(&linux_counter.lock, 0, __ATOMIC_RELEASE);
}

static inline void linux_count(void)
{
	int64_t found = percpu_read(part);

	do {
		if (found + 1 >= BATCH || found + 1 <= -BATCH) {
			linux_flush(found + 1);
			return;
		}
	} while (!percpu_try_cmpxchg(part, &found, found + 1));
}

/* The section, where the kernel is preemptible; where not, it is nothing. */
#define PREEMPTIBLE(statement)                                                                     \
	do {                                                                                       \
		percpu_inc(preempt_count);                                                         \
		BARRIER();                                                                         \
		statement;                                                                         \
		BARRIER();                                                                         \
		percpu_dec(preempt_count);                                                         \
	} while (0)

static inline void linux_reference(uint64_t by)
{
	uintptr_t count = __atomic_load_n(&linux_shared.count, __ATOMIC_RELAXED);

	if (__builtin_expect(count & 3, 0))
		stop("there is no other mode here");
	add_to(count, by);
}

static inline void linux_hold(void)
{
	linux_reference(1);
	BARRIER();
	linux_reference((uint64_t)-1);
}

static inline void linux_hold_preemptible(void)
{
	PREEMPTIBLE(linux_reference(1));
	PREEMPTIBLE(linux_reference((uint64_t)-1));
}

static inline void linux_reader(uint64_t by)
{
	if (__builtin_expect(__atomic_load_n(&linux_shared.state, __ATOMIC_RELAXED) != 0, 0))
		stop("there is no writer here");
	add_to(linux_shared.readers, by);
}

static inline void linux_lock(void)
{
	linux_reader(1);
	BARRIER();
	linux_reader((uint64_t)-1);
}

static inline void linux_lock_preemptible(void)
{
	PREEMPTIBLE(linux_reader(1));
	PREEMPTIBLE(linux_reader((uint64_t)-1));
}

/* ---- OpenBSD's counters: a generation that is odd while they are written. ---- */

struct counters {
	uint64_t generation, packets, bytes;
};
static PERCPU_DEFINE_FAR(struct counters, openbsd);

static inline void openbsd_write(void)
{
	struct counters *mine = percpu_ptr(openbsd);

	__atomic_store_n(&mine->generation, mine->generation + 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	mine->packets += 1;
	mine->bytes += 1500;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	__atomic_store_n(&mine->generation, mine->generation + 1, __ATOMIC_RELAXED);
	BARRIER();
}

static inline void openbsd_read(void)
{
	const struct counters *from = percpu_ptr_on(openbsd, 0);
	uint64_t generation, packets, bytes;

	do {
		while ((generation = __atomic_load_n(&from->generation, __ATOMIC_ACQUIRE)) & 1)
			percpu_arch_pause();
		packets = __atomic_load_n(&from->packets, __ATOMIC_RELAXED);
		bytes = __atomic_load_n(&from->bytes, __ATOMIC_RELAXED);
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
	} while (__atomic_load_n(&from->generation, __ATOMIC_RELAXED) != generation);
	__asm__ volatile("" : : "r"(packets), "r"(bytes) : "memory");
}

/* ---- One word that all CPUs share ---- */

static uint64_t shared_count LINE, shared_pair[2] LINE, shared_readers LINE;

static inline void shared_add(void)
{
	(void)__atomic_fetch_add(&shared_count, 1, __ATOMIC_RELAXED);
}

static inline void shared_write(void)
{
	(void)__atomic_fetch_add(&shared_pair[0], 1, __ATOMIC_RELAXED);
	(void)__atomic_fetch_add(&shared_pair[1], 1500, __ATOMIC_RELAXED);
}

static inline void shared_hold(void)
{
	(void)__atomic_fetch_add(&shared_count, 1, __ATOMIC_RELAXED);
	if (__atomic_fetch_sub(&shared_count, 1, __ATOMIC_ACQ_REL) == 0)
		stop("there is a reference more");
}

static inline void shared_lock(void)
{
	if (__atomic_fetch_add(&shared_readers, 2, __ATOMIC_ACQUIRE) & 1)
		stop("there is no writer here");
	(void)__atomic_fetch_sub(&shared_readers, 2, __ATOMIC_RELEASE);
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * percpu/counter.h, record.h, ref.h and rlock.h beside what is best known for the same job, on one
 * CPU and on all at once.
 */
#define _GNU_SOURCE
#include "../host.h"

#include <percpu/counter.h>
#include <percpu/record.h>
#include <percpu/ref.h>
#include <percpu/rlock.h>

#include "peers.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { TURNS = 201, ROUNDS = 500, AT_ONCE = 21, MANY_ROUNDS = 20000 };

/* ---- Ours ---- */

static struct percpu_counter counter;
static PERCPU_RECORD(uint64_t[2]) record;
static struct percpu_ref ref;
static struct percpu_rlock rlock;

static inline void ours_count(void)
{
	percpu_counter_add(&counter, 1);
}

static inline void ours_write(void)
{
	percpu_record_write(&record)
	{
		percpu_add(percpu_record_at(&record)[0], 1);
		percpu_add(percpu_record_at(&record)[1], 1500);
	}
}

static inline void ours_read(void)
{
	uint64_t now_[2];

	if (percpu_record_read(&record, 0, &now_, 1000))
		stop("a record that nobody writes cannot be read");
	BARRIER();
}

static inline void ours_hold(void)
{
	percpu_ref_get(&ref);
	BARRIER();
	percpu_ref_put(&ref);
}

static inline void ours_lock(void)
{
	if (percpu_rlock_read_lock(&rlock, 1000))
		stop("a lock that nobody writes under cannot be had");
	BARRIER();
	percpu_rlock_read_unlock(&rlock);
}

/* ---- Loops, and who takes part. The first of each job is ours. ---- */

#define LOOP(name)                                                                                 \
	__attribute__((noinline)) static void loop_##name(size_t rounds)                           \
	{                                                                                          \
		for (size_t i = 0; i < rounds; i++) {                                              \
			name();                                                                    \
			name();                                                                    \
			name();                                                                    \
			name();                                                                    \
			name();                                                                    \
			name();                                                                    \
			name();                                                                    \
			name();                                                                    \
		}                                                                                  \
	}
LOOP(ours_count)
LOOP(linux_count)
LOOP(shared_add)
LOOP(ours_write)
LOOP(openbsd_write)
LOOP(shared_write)
LOOP(ours_read)
LOOP(openbsd_read)
LOOP(ours_hold)
LOOP(linux_hold)
LOOP(linux_hold_preemptible)
LOOP(shared_hold)
LOOP(ours_lock)
LOOP(linux_lock)
LOOP(linux_lock_preemptible)
LOOP(shared_lock)

static const struct {
	const char *job, *who;
	void (*loop)(size_t rounds);
} contestants[] = {
	{"counter-add", "ours", loop_ours_count},
	{"counter-add", "linux", loop_linux_count},
	{"counter-add", "shared", loop_shared_add},
	{"record-write", "ours", loop_ours_write},
	{"record-write", "openbsd", loop_openbsd_write},
	{"record-write", "shared", loop_shared_write},
	{"record-read", "ours", loop_ours_read},
	{"record-read", "openbsd", loop_openbsd_read},
	{"ref-get-put", "ours", loop_ours_hold},
	{"ref-get-put", "linux", loop_linux_hold},
	{"ref-get-put", "linux-preemptible", loop_linux_hold_preemptible},
	{"ref-get-put", "shared", loop_shared_hold},
	{"rlock-read", "ours", loop_ours_lock},
	{"rlock-read", "linux", loop_linux_lock},
	{"rlock-read", "linux-preemptible", loop_linux_lock_preemptible},
	{"rlock-read", "shared", loop_shared_lock},
};
enum { CONTESTANTS = sizeof(contestants) / sizeof(contestants[0]) };

static double times[CONTESTANTS][TURNS];

/* Of contestant I's, the one of ours. */
static size_t ours_of(size_t i)
{
	while (strcmp(contestants[i].who, "ours") != 0)
		i--;
	return i;
}

/* The median of the times, and of the ratios to ours that was measured in the same turn. */
static void report(const char *how, size_t turns)
{
	for (size_t i = 0; i < CONTESTANTS; i++) {
		double ratios[TURNS], own[TURNS];

		for (size_t turn = 0; turn < turns; turn++) {
			own[turn] = times[i][turn];
			ratios[turn] = times[i][turn] / times[ours_of(i)][turn];
		}
		printf("block %s %s %s %.4f %.3f\n", how, contestants[i].job, contestants[i].who,
		       median(own, turns), median(ratios, turns));
	}
}

static void time_alone(void)
{
	for (size_t turn = 0; turn < TURNS; turn++)
		for (size_t i = 0; i < CONTESTANTS; i++) {
			uint64_t start = now();

			contestants[i].loop(ROUNDS);
			times[i][turn] = (double)(now() - start) / (ROUNDS * IN_A_ROUND);
		}
	report("alone", TURNS);
}

static pthread_barrier_t barrier;
static void (*loop_of_all)(size_t rounds);

static void *run(void *argument)
{
	become((size_t)argument);
	pthread_barrier_wait(&barrier);
	loop_of_all(MANY_ROUNDS);
	pthread_barrier_wait(&barrier);
	return NULL;
}

/* All CPUs but that of the caller, which takes part, and the time. */
static double time_turn(void (*loop)(size_t rounds))
{
	pthread_t ids[MAX_CPUS];
	uint64_t start;

	loop_of_all = loop;
	for (size_t i = 1; i < allowed_count; i++)
		if (pthread_create(&ids[i], NULL, run, (void *)i))
			stop("thread %zu of %zu cannot be made", i, allowed_count);
	pthread_barrier_wait(&barrier);
	start = now();
	loop(MANY_ROUNDS);
	pthread_barrier_wait(&barrier);
	start = now() - start;
	for (size_t i = 1; i < allowed_count; i++)
		pthread_join(ids[i], NULL);
	return (double)start / (MANY_ROUNDS * IN_A_ROUND);
}

static void time_at_once(void)
{
	pthread_barrier_init(&barrier, NULL, (unsigned)allowed_count);
	for (size_t turn = 0; turn < AT_ONCE; turn++)
		for (size_t i = 0; i < CONTESTANTS; i++)
			times[i][turn] = time_turn(contestants[i].loop);
	report("at-once", AT_ONCE);
}

static void never(struct percpu_ref *of)
{
	(void)of;
	stop("the reference is released while there is one");
}

int main(void)
{
	int error;

	find_cpus();
	error = percpu_init(allowed_count);
	if (error)
		stop("percpu_init for %zu CPUs: %s", allowed_count, percpu_strerror(error));
	become(0);
	if ((error = percpu_counter_init(&counter, BATCH)) ||
	    (error = percpu_record_init(&record)) || (error = percpu_ref_init(&ref, never)) ||
	    (error = percpu_rlock_init(&rlock)))
		stop("%s", percpu_strerror(error));
	prepare_linux();
	time_alone();
	if (allowed_count > 1)
		time_at_once();
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * Several CPUs at once, each a thread of its own that is bound to one: how the cost of an increment
 * grows with their number, and what two CPUs cost each other that write near one another.
 */
#define _GNU_SOURCE
#include "host.h"

#include <pthread.h>
#include <stdio.h>

enum { TURNS = 41, ROUNDS = 12500, INCREMENTS = ROUNDS * IN_A_ROUND, FAR_APART = 4096 };

/* For the two that share: one at the start, the other at a distance. */
static struct {
	uint64_t number[FAR_APART / sizeof(uint64_t) + 1];
} __attribute__((aligned(FAR_APART))) apart;

/* Counts in memory: what all of these do, so that they differ in the place only. */
static inline void increment(uint64_t *place)
{
	__asm__ volatile("incq %0" : "+m"(*place) : : "cc");
}

static size_t distance;

static void count_apart(size_t place)
{
	uint64_t *number = &apart.number[place * distance / sizeof(uint64_t)];

	for (size_t i = 0; i < INCREMENTS; i++)
		increment(number);
}

static void count_apart_atomically(size_t place)
{
	uint64_t *number = &apart.number[place * distance / sizeof(uint64_t)];

	for (size_t i = 0; i < INCREMENTS; i++)
		(void)__atomic_fetch_add(number, 1, __ATOMIC_RELAXED);
}

/* ---- One turn: N threads start together; the time is the mean of theirs ---- */

static struct {
	pthread_barrier_t barrier;
	void (*count)(size_t place);
	uint64_t nanoseconds[MAX_CPUS];
} turn;

static void *run(void *argument)
{
	size_t place = (size_t)argument;
	uint64_t start;

	become(place);
	pthread_barrier_wait(&turn.barrier);
	start = now();
	turn.count(place);
	turn.nanoseconds[place] = now() - start;
	return NULL;
}

static double time_turn(void (*count)(size_t place), size_t threads)
{
	pthread_t ids[MAX_CPUS];
	double sum = 0;

	turn.count = count;
	pthread_barrier_init(&turn.barrier, NULL, (unsigned)threads);
	for (size_t i = 0; i < threads; i++)
		if (pthread_create(&ids[i], NULL, run, (void *)i))
			stop("thread %zu of %zu cannot be made", i, threads);
	for (size_t i = 0; i < threads; i++) {
		pthread_join(ids[i], NULL);
		sum += (double)turn.nanoseconds[i];
	}
	pthread_barrier_destroy(&turn.barrier);
	return sum / (double)threads / INCREMENTS;
}

static const char *const contestants[] = {"near", "array", "array-unpadded", "tls", "shared"};
enum { CONTESTANTS = sizeof(contestants) / sizeof(contestants[0]) };

static void (*loop)(size_t rounds);

static void count_by_loop(size_t place)
{
	(void)place;
	loop(ROUNDS);
}

static void time_number(size_t threads)
{
	static double times[CONTESTANTS][TURNS];

	for (size_t i = 0; i < TURNS; i++)
		for (size_t who = 0; who < CONTESTANTS; who++) {
			loop = increments_of(contestants[who]);
			times[who][i] = time_turn(count_by_loop, threads);
		}
	for (size_t who = 0; who < CONTESTANTS; who++)
		printf("threads %s %zu %.4f\n", contestants[who], threads,
		       median(times[who], TURNS));
}

/* 1, 2, 4 and so on, and all. */
void time_threads(void)
{
	size_t threads = 1;

	for (; threads < allowed_count; threads *= 2)
		time_number(threads);
	time_number(allowed_count);
}

static const size_t distances[] = {8, 64, 128, FAR_APART};
enum { DISTANCES = sizeof(distances) / sizeof(distances[0]) };

static void time_distances(const char *how, void (*count)(size_t place))
{
	static double times[DISTANCES][TURNS];

	for (size_t i = 0; i < TURNS; i++)
		for (size_t j = 0; j < DISTANCES; j++) {
			distance = distances[j];
			times[j][i] = time_turn(count, 2);
		}
	for (size_t j = 0; j < DISTANCES; j++)
		printf("sharing %s %zu %.4f\n", how, distances[j], median(times[j], TURNS));
}

void time_sharing(void)
{
	if (allowed_count < 2) {
		printf("skipped sharing: this machine has one CPU\n");
		return;
	}
	time_distances("plain", count_apart);
	time_distances("atomic", count_apart_atomically);
}

/* SPDX-License-Identifier: 0BSD */
/* What the files of this kernel share. */
#ifndef PREEMPT_H
#define PREEMPT_H

#include <arch/boot.h>
#include <arch/interrupts.h>
#include <percpu.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What one party has done to one set of variables, in plain memory that nobody else writes. A
 * thread is one party, and whatever interrupts it another.
 */
struct tally {
	uint64_t added, tickets, xored, moved, exchanged, tried, paired;
	uint64_t wrong; /* values that nobody can have written */
	uint64_t random;
	uint8_t number; /* of the party, from 1 to PARTIES */
	bool of_handlers;
};

/* One set of per-CPU variables (operations.h, others.c), or what is built on them (blocks.c and
 * cache.c). */
struct set {
	const char *name;
	/* Gives the variables of all CPUs their first values. Before there are threads. */
	void (*prepare)(void);
	/* Every operation, once or so. Anywhere: in threads, handlers and handlers of handlers. */
	void (*operate)(struct tally *tally);
	/* In the end: how many results differ from what the tallies, added up, say. */
	uint64_t (*lost)(const struct tally *total);
	/* And how many guards, between the variables, have changed. */
	uint64_t (*guards_changed)(void);
};

/* With PERCPU_VMA zero nothing is allocated, and there is no set that would be. */
#define SETS (10 + 2 * PERCPU_IS_IMAGE)

/* Of a set that has no guards (sets.c). */
uint64_t no_guards(void);

struct thread;

/* ---- All sets (sets.c); a party has a tally for each ---- */

/* First values, in the variables and the tallies of all parties. */
void sets_prepare(void);
void sets_operate(struct tally *tallies);

/* When nothing runs any more: how many results are wrong, and how many guards. */
uint64_t sets_lost(void);
uint64_t sets_guards_changed(void);

/* ---- Traps (traps.c) ---- */

/* Reads the options. Before there are threads. */
void traps_prepare(void);

/* The next interrupt of the calling CPU, soon: at random in a thread. Interrupts are off. */
void timer_set_random(struct thread *thread);

/* How many more traps of the kinds that matter the run needs to show something. */
size_t traps_missing(void);

/* Says what has happened, and in the same line how much was LOST. */
void traps_report(uint64_t lost);

/* ---- Small change ---- */

/* 1 if it is so, to be added up. */
static inline uint64_t one_if(bool condition)
{
	return condition ? 1 : 0;
}

/* How many bits are set. No __builtin: some call libgcc. */
static inline uint64_t count_bits(uint64_t bits)
{
	uint64_t count = 0;

	for (; bits; bits &= bits - 1)
		count++;
	return count;
}

/* xorshift64: any value but 0 will do to begin with. */
static inline uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* ---- Threads (scheduler.c) ---- */

#define MAX_THREADS 64
#define PARTIES (2 * MAX_THREADS)

struct thread {
	struct thread *next; /* in the run queue */
	struct trap_frame *frame;
	size_t cpu;	 /* the one it ran on last, or SIZE_MAX */
	size_t finished; /* it is not to go on */
	struct tally own[SETS], handlers[SETS];
	char stack[BOOT_STACK_SIZE] __attribute__((aligned(16)));
};

extern struct thread threads[MAX_THREADS];
extern size_t thread_count; /* set before the first schedule */
extern size_t migrations;

/* Puts a thread that will call ENTRY(the thread) at the tail of the run queue. */
void thread_start_later(struct thread *thread, void (*entry)(void *));

/* Whose stack this is; NULL if it is a CPU's own. */
struct thread *thread_of(const void *stack);

/*
 * The frame to go on with, for the timer's handler: that of the thread at the head of the run
 * queue, or where it is empty of the loop that the CPU started in. The one that was interrupted is
 * put at the tail, by SCHEDULE at the next interrupt of this CPU.
 */
struct trap_frame *schedule(struct trap_frame *interrupted);

/* How many threads have finished, and how often a CPU has gone on with one. Atomic. */
extern size_t threads_finished, threads_scheduled;

#endif

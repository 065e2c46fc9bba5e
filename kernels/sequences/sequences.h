/* SPDX-License-Identifier: 0BSD */
/* What the files of this kernel share. */
#ifndef SEQUENCES_H
#define SEQUENCES_H

#include <arch/sequences.h>

/* ---- What is done with them (scenes.c) ---- */

struct scene_of_own {
	const char *name;     /* of the sequence: its function's */
	const char *function; /* where its instructions are */
	uint64_t (*run)(uint64_t, uint64_t, size_t);

	/* Makes both CPUs' copies, from a random number. */
	void (*prepare)(uint64_t random);
	/*
	 * The handler's part, on CPU 0: works on the same variables. Returns whether the sequence
	 * has taken effect before.
	 */
	bool (*interfere)(void);
	/*
	 * Whether what run has returned, and both copies, are what comes of it if the sequence has
	 * run on CPU, before the handler or behind it, DONE.
	 */
	bool (*right)(uint64_t result, size_t cpu, bool done);
};

/* Pop and push of percpu/cache.h (cache.c). */
uint64_t cache_pop(uint64_t a, uint64_t b, size_t c);
uint64_t cache_push(uint64_t a, uint64_t b, size_t c);
void cache_prepare(uint64_t random);
bool cache_take_two(void);
bool cache_pop_right(uint64_t result, size_t cpu, bool done);
bool cache_give_one(void);
bool cache_push_right(uint64_t result, size_t cpu, bool done);

extern const struct scene_of_own scenes[];
extern const size_t scene_count;

#endif

/* SPDX-License-Identifier: MIT */
/* Areas with room for what is allocated, and threads as CPUs, for tests of percpu/counter.h etc. */
#ifndef BLOCKS_H
#define BLOCKS_H

#include <percpu.h>

#include "unit.h"

#include <stddef.h>

/* Makes NCPU areas and room in them, and binds the calling thread to that of CPU 0. */
void blocks_init(size_t ncpu);

/* Allocates all of that room, so that there is none. */
static inline void blocks_fill(void)
{
	PERCPU_PTR(uint64_t[16]) large;
	PERCPU_PTR(uint64_t) small;
	struct percpu_dynamic_info now;

	while (percpu_alloc(&large) == 0)
		;
	while (percpu_alloc(&small) == 0)
		;
	percpu_dynamic_info(&now);
	CHECK(now.size > 0 && now.free == 0 && now.largest == 0);
}

/* The calling thread goes on on CPU, as one that a scheduler has moved. */
void blocks_move(size_t cpu);

/*
 * Runs WORK in a thread for each of the CPUs 1 to NCPU - 1, bound to that CPU, all at once, and
 * WATCH, if it is not NULL, in the calling thread meanwhile, which has CPU 0. Returns when all
 * have.
 */
void blocks_run(size_t ncpu, void (*work)(size_t cpu), void (*watch)(void));

#define BLOCKS_PAGE 4096

/* Two pages. */
char *blocks_pages(void);

/* At the next access to a page HANDLER runs before it, as an interrupt that comes there. */
void blocks_interrupt(char *page, void (*handler)(void));

/* Whether a thread of blocks_run is still at work. */
int blocks_running(void);

#endif

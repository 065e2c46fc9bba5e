/* SPDX-License-Identifier: 0BSD */
/* Rounds of attempts at one function, until they bring no new place where the interrupt came. */
#include <arch/interrupts.h>
#include <kernels/common/print.h>

#include "sweep.h"

/*
 * How often a function is swept over: until so many times in a row have brought no new place. One
 * would do where a tick is an instruction; else an instruction is missed three times out of ten.
 */
#define ROUNDS 100
#define QUIET_ROUNDS (arch_timer_rate() > 500000000 ? 4u : 16u)

void rounds_begin(struct rounds *rounds, uintptr_t function)
{
	*rounds = (struct rounds){.function = function};
}

bool rounds_next(struct rounds *rounds)
{
	rounds->quiet = rounds->hits == rounds->hits_before ? rounds->quiet + 1 : 0;
	rounds->hits_before = rounds->hits;
	return rounds->quiet < QUIET_ROUNDS && rounds->count++ < ROUNDS;
}

void rounds_note(struct rounds *rounds, uintptr_t pc, uintptr_t restart)
{
	uintptr_t offset = pc - rounds->function;

	rounds->restarted += restart != pc;
	if (offset < NOTED_BYTES && !rounds->hit[offset]) {
		rounds->hit[offset] = true;
		rounds->hits++;
	}
}

void rounds_places(const struct rounds *rounds, struct line *line)
{
	for (size_t i = 0; i < NOTED_BYTES; i++)
		if (rounds->hit[i])
			line_add(line, " %x", (unsigned)i);
}

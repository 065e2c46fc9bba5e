/* SPDX-License-Identifier: MIT */
/* The variables of the faults, and what makes a kernel of them; it never runs. */
#include <percpu.h>

#define SLOTS 8

PERCPU_DEFINE(uint64_t, counter);
PERCPU_DEFINE(uint64_t, neighbour);
PERCPU_DEFINE(uint32_t, small);
PERCPU_DEFINE(percpu_u128, couple);
PERCPU_DEFINE(uint64_t[SLOTS], slots);
PERCPU_DEFINE_FAR(uint64_t, distant);

void _start(void);
void _start(void)
{
	if (!percpu_init(1))
		percpu_add(counter, percpu_restart(0));
}

/* SPDX-License-Identifier: MIT */
/* What the peers of tests/bench/peers.h need here: their registers. */
#ifndef MACHINE_H
#define MACHINE_H

#include <percpu.h>

/* From %gs, one instruction. */
static inline size_t this_cpu_number(void)
{
	return percpu_raw_read(percpu_cpu_number);
}

#endif

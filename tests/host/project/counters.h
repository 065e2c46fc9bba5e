/* SPDX-License-Identifier: 0BSD */
/* Part of a kernel: what each CPU has counted, and the last things it did. */
#ifndef COUNTERS_H
#define COUNTERS_H

#include <percpu.h>

#define TRACED 12

PERCPU_DECLARE(uint64_t, events);
PERCPU_DECLARE(uint32_t[TRACED], trace);

/* Notes WHAT as this CPU's last. */
void count_event(uint32_t what);

/* Notes nothing any more, of what this CPU did. */
void clear_trace(void);

/* What all CPUs have counted, while they go on. */
uint64_t count_all(void);

/* Adds to another CPU's events, which must not run. */
void give_events(size_t cpu, uint64_t more);

#endif

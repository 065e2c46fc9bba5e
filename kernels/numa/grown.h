/* SPDX-License-Identifier: 0BSD */
/*
 * percpu_grow where each area lies anywhere: memory behind each area, which is as far from the
 * other CPUs' as the areas are, needs no mapping. With PERCPU_VMA zero there are no dynamic
 * variables.
 */
#ifndef GROWN_H
#define GROWN_H

#include <percpu.h>
#include <stdint.h>

enum { GROWN_SIZE = PERCPU_IS_IMAGE ? 4096 : 0, GROWN_TESTS = PERCPU_IS_IMAGE ? 2 : 0 };

/* On CPU 0, once there are areas: gives the library the GROWN_SIZE bytes behind each. */
void grown_init(void);

/* On any CPU: counts once, in memory behind its area. */
void grown_count(void);

/* When ONLINE CPUs have each counted ROUNDS times. */
void grown_report(uint64_t rounds, size_t online);

#endif

/* SPDX-License-Identifier: 0BSD */
/* The system counter (Arm ARM DDI 0487, "The Generic Timer"), which all CPUs see alike. */
#ifndef COUNTER_H
#define COUNTER_H

#include <boards/common/fdt.h>

/* Finds out how fast it counts. On CPU 0, first. Returns NULL, or a sentence if it is no clock. */
const char *counter_init(const struct fdt *fdt);

/* Ticks in a second. */
uint64_t counter_rate(void);

uint64_t counter_read(void); /* wait.S */

#endif

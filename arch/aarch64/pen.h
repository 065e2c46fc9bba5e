/* SPDX-License-Identifier: 0BSD */
/* Where CPUs wait that no firmware holds back: see pen.S. */
#ifndef PEN_H
#define PEN_H

/* A slot of the pen is the MPIDR affinity of the CPU that may go, and this bit, which no MPIDR has.
 */
#define PEN_OPEN_BIT 63

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Lets the CPU with affinity HWID go, as number CPU, to secondary_start. Returns NULL, or a
 * sentence that says why there are no CPUs in the pen. Whether this one is, only its answer tells.
 */
const char *pen_release(size_t cpu, uint64_t hwid);

/* The calling CPU, number CPU, at the kernel's level, goes into the pen until it is released. */
__attribute__((noreturn)) void pen_go_back(size_t cpu);

/* Whether a CPU that has, or was to, is in there: its stack is free. */
bool pen_has(size_t cpu);

#endif
#endif

/* SPDX-License-Identifier: 0BSD */
/* Where CPUs wait that no firmware holds back: see pen.S. */
#ifndef PEN_H
#define PEN_H

/* A slot of the pen is the MPIDR affinity of the CPU that may go, and this bit, which no MPIDR has.
 */
#define PEN_OPEN_BIT 63

#ifndef __ASSEMBLER__

#include <stddef.h>
#include <stdint.h>

/*
 * Lets the CPU with affinity HWID go, as number CPU, to secondary_start. Returns NULL, or a
 * sentence that says why there are no CPUs in the pen. Whether this one is, only its answer tells.
 */
const char *pen_release(size_t cpu, uint64_t hwid);

#endif
#endif

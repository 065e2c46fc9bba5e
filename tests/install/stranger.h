/* SPDX-License-Identifier: MIT */
/*
 * What the files of a stranger's kernel share: the variables of variables.c, and what each kernel's
 * machine.c and boot.S give to stranger.c. For C and C++.
 */
#ifndef STRANGER_H
#define STRANGER_H

#include <percpu.h>

/* How many are used. The linker scripts reserve more. */
#define AREAS 4

struct queue {
	uint16_t length;
	const char *last;
};

#ifdef __cplusplus
extern "C" {
#endif

PERCPU_DECLARE(uint64_t, count);
PERCPU_DECLARE(struct queue, queue);
PERCPU_DECLARE_FAR(uint32_t[256], table);
PERCPU_DECLARE_CACHELINE(int32_t, balance);
PERCPU_DECLARE_PAGE(uint64_t[512], page);

/* One character on the serial console. */
void console_put(char character);

/* In boot.S: adds 1 to count, and returns where queue is. */
struct queue *assembly_counts(void);

/* Ends the machine. */
void machine_end(bool passed) __attribute__((noreturn));

/* What boot.S calls, with a stack, .bss cleared and RUNS_AT the address that _start has. */
void stranger_main(uintptr_t runs_at) __attribute__((noreturn));

#ifdef __cplusplus
}
#endif

#endif

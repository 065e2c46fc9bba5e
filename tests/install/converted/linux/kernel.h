/* SPDX-License-Identifier: MIT */
/*
 * The same kernel in Linux's shape: its CPUs' data is per-CPU variables of its own, see per_cpu.h,
 * and what assembly reads is an array.
 */
#ifndef KERNEL_H
#define KERNEL_H

#define NCPU 4
#define THREADS (NCPU + 1)

/* For assembly: of struct cpu, the logarithm of the size, and a place. */
#define CPU_SHIFT 3
#define CPU_TRAP_STACK 0

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine.h"

struct thread {
	struct frame *frame; /* where its registers are while it does not run */
	unsigned rounds;
};

#include "per_cpu.h"

DECLARE_PER_CPU(struct thread *, running); /* that runs */
DECLARE_PER_CPU(unsigned, noff);	   /* how many push_off have had no pop_off yet */
DECLARE_PER_CPU(unsigned long, work_done);

struct cpu {
	char *trap_stack; /* its top; entry.S handles traps on it */
};

extern struct cpu cpus[NCPU];

struct lock {
	unsigned taken;
	size_t cpu; /* the number of the one that has it, and 1; 0 if none has */
};

/* In cpu.c. */
struct thread *current(void);
void push_off(void);
void pop_off(void);
void acquire(struct lock *lock);
void release(struct lock *lock);

/* In main.c. */
void kernel_main(void);
struct frame *trap(struct frame *frame);
void panic(const char *why) __attribute__((noreturn));

#endif
#endif

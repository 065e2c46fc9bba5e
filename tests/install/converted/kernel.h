/* SPDX-License-Identifier: MIT */
/*
 * A small kernel, before it is converted: its CPUs' data is an array, which each indexes by its
 * number. There is a thread more than there are CPUs, and an interrupt moves the thread that it
 * comes to to whichever CPU is interrupted next.
 */
#ifndef KERNEL_H
#define KERNEL_H

#define NCPU 4
#define THREADS (NCPU + 1)

/* For assembly: of struct cpu, the logarithm of the size, and a place. */
#define CPU_SHIFT 6
#define CPU_TRAP_STACK 8

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine.h"

struct thread {
	struct frame *frame; /* where its registers are while it does not run */
	unsigned rounds;
};

/* What a CPU has to itself. */
struct cpu {
	struct thread *thread; /* that runs */
	char *trap_stack;      /* its top; entry.S handles traps on it */
	unsigned noff;	       /* how many push_off have had no pop_off yet */
	bool intena;	       /* whether interrupts were on before the first */
	unsigned long work;
} __attribute__((aligned(64)));

extern struct cpu cpus[NCPU];

struct lock {
	unsigned taken;
	struct cpu *cpu; /* that has it */
};

/* In cpu.c. The caller of mycpu has interrupts off while it uses the pointer. */
struct cpu *mycpu(void);
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

/* SPDX-License-Identifier: 0BSD */
/* What main.c and traps.c of kernels/usermode share. */
#ifndef USERMODE_H
#define USERMODE_H

#include <arch/user.h>
#include <kernels/common/kernel.h>

#define PAGE_SIZE 4096

/* What is counted. */
enum event { CALL, TIMER_IN_USER, TIMER_IN_CALL, NESTED, FAULT, EVENTS };

/*
 * What one CPU has seen, in plain memory, found by arch_cpu_number: by nothing that this kernel
 * puts to the test. Its CPU alone uses it, with interrupts off, until it is done.
 */
struct seen {
	uint64_t events[EVENTS];
	uint64_t history; /* of the events, in their order */
	uint64_t work;	  /* what system calls have done */
	uint64_t entries; /* traps from user mode */
	uint64_t random;
	uintptr_t register_value;  /* the kernel's, for others to know */
	struct trap_frame *user;   /* for the next breakpoint to go on with; then NULL */
	struct trap_frame *kernel; /* what user mode is left to */
	bool exited;		   /* and not faulted */
	uint64_t status;	   /* then, what it said */
	struct user_fault fault;   /* else */
	uint64_t looked, isolated; /* traps that could look for user mode's table, and found it */
} __attribute__((aligned(64)));
extern struct seen seen[MAX_CPUS];

/*
 * From the command line. Not 0: traps from user mode leave in the per-CPU register what user code
 * has there: 1, the value of another CPU; 2, anything.
 */
extern uint64_t trust;

/* Each time another number. */
uint64_t next_random(struct seen *me);

/* On CPU 0, before the others run: readies the stacks that traps from user mode use. */
void traps_init(void);

/* Runs a program in user mode on the calling CPU until it exits or faults. */
void user_run(size_t cpu, user_program program, uint64_t pattern, uint64_t value);

/* Sets this CPU's timer to fire soon, at random. */
void timer_set_random(struct seen *me);

/* Whether CPU's copies of the variables hold what it has seen. */
bool traps_counted(size_t cpu);

/* ---- User mode with a page table of its own (tables.c) ---- */

/* On CPU 0, when it can go to user mode. */
void tables_init(void);

/* Whether user mode has one. */
bool tables_are_two(void);

/* A trap from user mode, in the beginning. */
void tables_count(size_t cpu, enum trap_kind kind);

/* 1 + cpu_count results. */
void tables_report(void);

#endif

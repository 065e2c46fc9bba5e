/* SPDX-License-Identifier: MIT */
/* What the programs that measure time on the host share: main.c says how. */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <percpu.h>

/* Nanoseconds since some start. */
uint64_t now(void);

/* Ends the program with a sentence, as a failure. */
__attribute__((noreturn, format(printf, 1, 2))) void stop(const char *format, ...);

/* The CPUs this process may run on: the first MAX_CPUS of them. */
extern size_t allowed_cpus[];
extern size_t allowed_count;

/* Fills it. */
void find_cpus(void);

/* Binds the calling thread to the CPU, and to the area, of place PLACE in that list. */
void become(size_t place);

/* Sorts VALUES; returns the one in the middle. */
double median(double *values, size_t count);

/*
 * operations.c: a loop of ROUNDS times eight increments, on eight variables in turn, of the
 * contestant.
 */
enum { IN_A_ROUND = 8 };
void (*increments_of(const char *contestant))(size_t rounds);

/* ---- The parts. Each prints its results: NAME WHAT NUMBERS, one line each ---- */
void time_operations(void); /* operations.c */
void time_forms(void);	    /* forms.c */
void time_threads(void);    /* threads.c */
void time_sharing(void);

#endif

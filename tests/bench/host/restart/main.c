/* SPDX-License-Identifier: MIT */
/*
 * percpu_restart at addresses in no sequence, as a trap's mostly is: a program for one number of
 * sequences, which are never run. Addresses come in no order: a CPU cannot predict what is found.
 */
#include "../host.h"

#include <stdio.h>
#include <stdlib.h>

enum { TURNS = 201, CALLS = 8192, LENGTH = 12, APART = 128 };

/* A sequence, and other code until the next. */
#define X1                                                                                         \
	__asm__ volatile(PERCPU__SEQUENCE_BEGIN ".skip 12\n\t" PERCPU__SEQUENCE_END ".skip 116"    \
			 :                                                                         \
			 :);
#define X10 X1 X1 X1 X1 X1 X1 X1 X1 X1 X1
#define X100 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10
#define X1000 X100 X100 X100 X100 X100 X100 X100 X100 X100 X100
#define X10000 X1000 X1000 X1000 X1000 X1000 X1000 X1000 X1000 X1000 X1000
#define REPEAT(number) REPEAT_(number)
#define REPEAT_(number) X##number

__attribute__((used, noinline)) static void sequences(void)
{
	REPEAT(SEQUENCES)
}

static uintptr_t addresses[CALLS];

/* In the code between two sequences: wherever the first begins, behind it. */
static void choose_addresses(void)
{
	uintptr_t first = (uintptr_t)sequences, start, end;

	while (!percpu_in_sequence(first, &start, &end))
		first++;
	srandom(1);
	for (size_t i = 0; i < CALLS; i++) {
		size_t sequence = (size_t)random() % SEQUENCES;
		size_t behind = (size_t)random() % (APART - LENGTH);

		addresses[i] = first + sequence * APART + LENGTH + behind;
		if (percpu_restart(addresses[i]) != addresses[i])
			stop("an address in no sequence is taken to be in one");
	}
}

static double time_calls(void)
{
	uint64_t start = now();

	for (size_t i = 0; i < CALLS; i++)
		if (percpu_restart(addresses[i]) != addresses[i])
			stop("an address in no sequence is taken to be in one");
	return (double)(now() - start) / CALLS;
}

int main(void)
{
	double times[TURNS];
	int error = percpu_init(1);

	if (error)
		stop("percpu_init: %s", percpu_strerror(error));
	choose_addresses();
	for (size_t i = 0; i < TURNS; i++)
		times[i] = time_calls();
	printf("restart %d %.3f\n", SEQUENCES, median(times, TURNS));
	return 0;
}

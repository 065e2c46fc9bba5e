/* SPDX-License-Identifier: MIT */
/* What the fuzz targets have in common. */
#ifndef FUZZ_H
#define FUZZ_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

/*
 * What a target has to give: what is done with an input. 0, or -1 for one that is not worth
 * keeping.
 */
static int fuzz_input(const uint8_t *data, size_t size);

/*
 * An input takes a millisecond, and one that takes this long never ends. It is the process's own
 * time, which stands still while others have the CPU: a busy machine makes no input endless.
 */
#define FUZZ_SECONDS 3

static inline void fuzz_is_endless(int signal)
{
	(void)signal;
	fprintf(stderr, "does not hold: the input ends\n");
	abort();
}

/* In SECONDS of the process's own time the input is endless, unless this is called again. */
static inline void fuzz_allow(time_t seconds)
{
	setitimer(ITIMER_VIRTUAL, &(struct itimerval){.it_value.tv_sec = seconds}, NULL);
}

/* libFuzzer's entry. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int worth;

	signal(SIGVTALRM, fuzz_is_endless);
	fuzz_allow(FUZZ_SECONDS);
	worth = fuzz_input(data, size);
	fuzz_allow(0);
	return worth;
}

/* What must hold of every input. */
#define HOLDS(condition)                                                                           \
	((condition)                                                                               \
		 ? (void)0                                                                         \
		 : (fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition), \
		    abort()))

/* SIZE bytes, copied from DATA unless it is NULL: a byte further is the address sanitizer's. */
static inline void *fuzz_exact(const void *data, size_t size)
{
	void *copy = malloc(size);

	HOLDS(copy || !size);
	if (data && size)
		memcpy(copy, data, size);
	return copy;
}

/* The same as an ACPI table, whose header has SIZE as its length. */
static inline unsigned char *fuzz_table(const uint8_t *data, size_t size)
{
	unsigned char *table = fuzz_exact(data, size);

	for (unsigned i = 0; i < 4; i++)
		table[4 + i] = (unsigned char)(size >> (8 * i));
	return table;
}

#endif

/* SPDX-License-Identifier: MIT */
/* What the fuzz targets have in common. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libFuzzer's entry: 0, or -1 for an input that is not worth keeping. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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

#endif

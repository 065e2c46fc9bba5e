/* SPDX-License-Identifier: 0BSD */
/* Places for areas, near the CPUs that use them. */
#ifndef PLACE_H
#define PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads what the board knows of RAM. NULL, or a sentence that says what is wrong with it. */
const char *places_find(void);

/* Says in comments which RAM is in which node. */
void places_print(void);

struct place {
	uint64_t start, size;
	uint32_t node;
	uint32_t distance; /* from the CPUs that it is for */
};

/*
 * Takes SIZE bytes of free RAM, aligned to ALIGN, a power of two, that is as near as can be to the
 * CPUs of NODE. False if there is none.
 */
bool place_take(uint32_t node, uint64_t size, uint64_t align, struct place *place);

/*
 * Looks at a place that place_take has taken for CPUs of NODE, aligned to ALIGN, once more, by the
 * board's lists. NULL, or what is wrong with it.
 */
const char *place_wrong(uint32_t node, uint64_t align, const struct place *place);

#endif

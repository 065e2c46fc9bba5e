/* SPDX-License-Identifier: MIT */
/*
 * Fed: a SLIT of the length that its header says, and not shorter than a header, which is what
 * acpi_find makes sure of. Of one without a sentence distances are asked. Must hold: nothing behind
 * that length is read; a node is at the least distance from itself, and no other is nearer; every
 * walk ends.
 */
#include <boards/pc/pc.h>

#include <stdlib.h>

#include "fuzz.h"

enum { HEADER_SIZE = 36, NODES = 6 };

static int fuzz_input(const uint8_t *data, size_t size)
{
	unsigned char *table;

	if (size < HEADER_SIZE)
		return -1;
	table = fuzz_table(data, size);
	if (!slit_check(table))
		for (uint32_t from = 0; from < NODES; from++) {
			HOLDS(slit_distance(table, from, from) == BOARD_LOCAL);
			HOLDS(slit_distance(table, from, UINT32_MAX) == BOARD_REMOTE);
			for (uint32_t to = 0; to < NODES; to++)
				HOLDS(slit_distance(table, from, to) >= BOARD_LOCAL);
		}
	free(table);
	return 0;
}

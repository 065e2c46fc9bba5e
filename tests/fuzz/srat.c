/* SPDX-License-Identifier: MIT */
/*
 * Fed: an SRAT of the length that its header says, and not shorter than a header, which is what
 * acpi_find makes sure of. Of one without a sentence all is asked. Must hold: nothing behind that
 * length is read; no more ranges are stored than asked for, and no more counted than the table has
 * room for; no range goes beyond the last address; every walk ends.
 */
#include <boards/pc/pc.h>

#include <stdlib.h>

#include "fuzz.h"

enum { HEADER_SIZE = 36, MEMORY_SIZE = 40, IDS = 4 };

static void find_memory(const void *table, size_t size, size_t max)
{
	struct board_range *ranges = fuzz_exact(NULL, max * sizeof(*ranges));
	size_t count = srat_memory(table, ranges, max);

	HOLDS(count <= size / MEMORY_SIZE && count == srat_memory(table, NULL, 0));
	for (size_t i = 0; i < count && i < max; i++)
		HOLDS(ranges[i].size && ranges[i].size - 1 <= UINT64_MAX - ranges[i].start);
	free(ranges);
}

static int fuzz_input(const uint8_t *data, size_t size)
{
	unsigned char *table;
	uint32_t node;

	if (size < HEADER_SIZE)
		return -1;
	table = fuzz_table(data, size);
	if (!srat_check(table)) {
		for (size_t max = 0; max < 3; max++)
			find_memory(table, size, max);
		for (uint64_t id = 0; id < IDS; id++)
			(void)srat_node_of(table, id, &node);
	}
	free(table);
	return 0;
}

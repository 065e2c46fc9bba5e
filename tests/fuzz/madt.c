/* SPDX-License-Identifier: MIT */
/*
 * Fed: a MADT of the length that its header says, and not shorter than a header, which is what
 * acpi_find makes sure of. Must hold: nothing behind that length is read; no more CPUs are stored
 * than asked for, and no more counted than the table has room for; every walk ends.
 */
#include <boards/pc/pc.h>

#include <stdlib.h>

#include "fuzz.h"

enum { HEADER_SIZE = 36, SMALLEST_CPU = 8 };

static void find_cpus(const void *table, size_t size, size_t max)
{
	uint64_t *ids = fuzz_exact(NULL, max * sizeof(*ids));
	size_t count = madt_cpus(table, ids, max);

	HOLDS(count <= size / SMALLEST_CPU);
	HOLDS(count == madt_cpus(table, NULL, 0));
	free(ids);
}

static int fuzz_input(const uint8_t *data, size_t size)
{
	unsigned char *table;

	if (size < HEADER_SIZE)
		return -1;
	table = fuzz_table(data, size);
	for (size_t max = 0; max < 4; max++)
		find_cpus(table, size, max);
	(void)madt_lapic_address(table);
	(void)madt_io_apics(table, NULL, 0);
	free(table);
	return 0;
}

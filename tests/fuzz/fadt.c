/* SPDX-License-Identifier: MIT */
/*
 * Fed: an FADT of the length that its header says, and not shorter than a header, which is what
 * acpi_find makes sure of. Must hold: nothing behind that length is read; a port is one, of four
 * bytes.
 */
#include <boards/pc/pc.h>

#include "fuzz.h"

enum { HEADER_SIZE = 36 };

static int fuzz_input(const uint8_t *data, size_t size)
{
	unsigned char *table;

	if (size < HEADER_SIZE)
		return -1;
	table = fuzz_table(data, size);
	HOLDS(fadt_timer_port(table) <= UINT16_MAX - 3);
	free(table);
	return 0;
}

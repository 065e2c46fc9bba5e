/* SPDX-License-Identifier: MIT */
/*
 * Fed: the memory of a machine (memory.h); the first piece is the multiboot information. Must hold:
 * nothing is read that is not memory; strings end, and do not look like more than one line; the
 * page for an AP is one; every walk ends.
 */
#include "loader.h"
#include "memory.h"

static int fuzz_input(const uint8_t *data, size_t size)
{
	struct piece pieces[PIECES];
	struct loader loader = {0};

	if (!memory_place_all(pieces, data, size))
		return -1;
	check_loader(&loader, multiboot_read(&loader, pieces[0].address));
	memory_clear();
	return 0;
}

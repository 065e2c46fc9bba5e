/* SPDX-License-Identifier: 0BSD */
/* Page tables of four levels, for 48 bits of address. Only the entries differ between
 * architectures. */
#include <kernels/common/kernel.h>

#include "loader.h"

#define LEVELS 4
#define TABLES 64

uint64_t root[512] __attribute__((aligned(4096)));

static uint64_t tables[TABLES][512] __attribute__((aligned(4096)));
static size_t taken;

static uint64_t *below(uint64_t *entry)
{
	if (!*entry) {
		if (taken == TABLES)
			tap_bail_out("the loader's %d page tables are used up: raise TABLES",
				     TABLES);
		*entry = table_entry((uintptr_t)tables[taken++]);
	}
	return (uint64_t *)entry_address(*entry);
}

void map(uint64_t virtual, uint64_t physical, uint64_t size, bool writable, bool executable)
{
	for (uint64_t done = 0; done < size; done += PAGE) {
		uint64_t *table = root;

		for (int level = LEVELS - 1; level > 0; level--)
			table = below(&table[(virtual + done) >> (12 + 9 * level) & 511]);
		table[(virtual + done) >> 12 & 511] =
			page_entry(physical + done, writable, executable);
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * Fed: a device tree blob, as a boot loader leaves it, whose header may say anything but that the
 * blob is longer than it is: it alone says how much memory there is. All that a board asks of a
 * tree is asked. Must hold: nothing is read outside the structure and strings blocks, which lie in
 * memory of their exact sizes; no more CPUs are stored than asked for, and no more counted than the
 * tree has room for; every value found lies in the tree; every walk ends.
 */
#include "fuzz.h"

#include <tests/use_tree.h>

enum { HEADER_SIZE = 40, TOTAL_SIZE = 4 };

static void use(const struct fdt *fdt)
{
	for (size_t max = 0; max < 3; max++) {
		uint64_t *ids = fuzz_exact(NULL, max * sizeof(*ids));

		(void)use_tree(fdt, max % 2 ? "mmu-type" : NULL, ids, max);
		free(ids);
	}
}

/* The tree with each block in memory that ends where the block does. */
static void use_apart(const struct fdt *whole)
{
	void *structure = fuzz_exact(whole->structure, whole->structure_size);
	void *strings = fuzz_exact(whole->strings, whole->strings_size);
	struct fdt fdt = *whole;

	fdt.structure = structure;
	fdt.strings = strings;
	use(&fdt);
	free(structure);
	free(strings);
}

static uint32_t be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int fuzz_input(const uint8_t *data, size_t size)
{
	unsigned char *blob;
	struct fdt fdt;

	if (size < HEADER_SIZE)
		return -1;
	blob = fuzz_exact(data, size);
	if (be32(blob + TOTAL_SIZE) > size)
		for (unsigned i = 0; i < 4; i++)
			blob[TOTAL_SIZE + i] = (unsigned char)(size >> (24 - 8 * i));
	if (!fdt_open(&fdt, blob))
		use_apart(&fdt);
	free(blob);
	return 0;
}

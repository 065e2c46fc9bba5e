/* SPDX-License-Identifier: MIT */
/*
 * Fed: a device tree blob, as a boot loader leaves it, whose header may say anything but that the
 * blob is longer than it is: it alone says how much memory there is. All that a board asks of a
 * tree is asked. Must hold: nothing is read outside the structure and strings blocks, which lie in
 * memory of their exact sizes; no more CPUs are stored than asked for, and no more counted than the
 * tree has room for; every value found lies in the tree; every walk ends.
 */
#include <boards/common/devicetree.h>

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

enum { HEADER_SIZE = 40, TOTAL_SIZE = 4 };

static bool inside(const struct fdt *fdt, const void *value, size_t size)
{
	size_t offset = (size_t)((const unsigned char *)value - fdt->structure);

	return offset <= fdt->structure_size && size <= fdt->structure_size - offset;
}

static void use_node(const struct fdt *fdt, fdt_node node)
{
	size_t size = 0;
	const void *value = fdt_property(fdt, node, "reg", &size);
	const char *text = fdt_string(fdt, node, "compatible");
	const char *name = fdt_name(fdt, node);
	uint64_t length;

	HOLDS(!*name || inside(fdt, name, strlen(name) + 1));
	HOLDS(!value || inside(fdt, value, size));
	HOLDS(!text || inside(fdt, text, strlen(text) + 1));
	(void)fdt_number(fdt, node, "reg", 2, 0);
	(void)fdt_number_at(fdt, node, "interrupts", 7, 1, 0);
	(void)devicetree_address(fdt, node);
	(void)devicetree_region(fdt, node, 1, &length);
}

static void walk(const struct fdt *fdt, fdt_node node)
{
	use_node(fdt, node);
	for (fdt_node child = fdt_first_child(fdt, node), last = node; child != FDT_NO_NODE;
	     last = child, child = fdt_next_sibling(fdt, child)) {
		HOLDS(child > last && child < fdt->structure_size);
		walk(fdt, child);
	}
}

static void find_cpus(const struct fdt *fdt, const char *needed, size_t max)
{
	uint64_t *ids = fuzz_exact(NULL, max * sizeof(*ids));
	size_t count = devicetree_cpus(fdt, needed, ids, max);

	HOLDS(count <= fdt->structure_size / 4);
	HOLDS(count == devicetree_cpus(fdt, needed, NULL, 0));
	free(ids);
}

static void use(const struct fdt *fdt)
{
	fdt_node console = devicetree_console(fdt);

	walk(fdt, FDT_ROOT);
	for (size_t max = 0; max < 3; max++)
		find_cpus(fdt, max % 2 ? "mmu-type" : NULL, max);
	HOLDS(console == FDT_NO_NODE || console < fdt->structure_size);
	(void)devicetree_address(fdt, console);
	HOLDS(strlen(devicetree_command_line(fdt)) <= fdt->structure_size);
	(void)devicetree_timebase(fdt);
	use_node(fdt, devicetree_compatible(fdt, "arm,gic-v3"));
	use_node(fdt, devicetree_compatible(fdt, "riscv,plic0"));
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
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

/* SPDX-License-Identifier: MIT */
/*
 * Everything that a board does with a device tree, whatever the tree: for the unit tests and the
 * fuzz target. HOLDS(condition), which the includer defines, is for what must be so: every value
 * found lies in the tree, every walk ends, no more CPUs are counted than there is room for.
 */
#ifndef USE_TREE_H
#define USE_TREE_H

#include <boards/common/nodes.h>

#include <stdlib.h>
#include <string.h>

static bool inside_tree(const struct fdt *fdt, const void *value, size_t size)
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
	fdt_node path[2];
	uint64_t length;

	HOLDS(!*name || inside_tree(fdt, name, strlen(name) + 1));
	HOLDS(!value || inside_tree(fdt, value, size));
	HOLDS(!text || inside_tree(fdt, text, strlen(text) + 1));
	(void)fdt_has_string(fdt, node, "compatible", "no such thing");
	(void)fdt_number(fdt, node, "reg", 1, 0);
	(void)fdt_number(fdt, node, "reg", 2, 0);
	(void)fdt_number_at(fdt, node, "interrupts", 7, 1, 0);
	HOLDS(devicetree_region(fdt, node, 1, &length) == 0 || length);
	HOLDS(fdt_path(fdt, node, path, 2) <= 2);
}

/* Returns how many nodes there are from NODE on down. */
static size_t walk_tree(const struct fdt *fdt, fdt_node node)
{
	size_t nodes = 1;

	use_node(fdt, node);
	for (fdt_node child = fdt_first_child(fdt, node), last = node; child != FDT_NO_NODE;
	     last = child, child = fdt_next_sibling(fdt, child)) {
		HOLDS(child > last && child < fdt->structure_size);
		nodes += walk_tree(fdt, child);
	}
	return nodes;
}

/* Nodes and RAM: up to MAX ranges are asked for, in memory for as many. */
static void use_nodes(const struct fdt *fdt, size_t max)
{
	struct board_range *ranges = malloc(max * sizeof(*ranges));
	const char *error = devicetree_check_nodes(fdt);
	size_t count = devicetree_ram(fdt, ranges, max), most = fdt->structure_size / 8;

	HOLDS(count <= most);
	for (size_t i = 0; !error && i < count && i < max; i++)
		HOLDS(ranges[i].size - 1 <= UINT64_MAX - ranges[i].start);
	HOLDS(error || devicetree_distance(fdt, 0, 1) > BOARD_LOCAL);
	count = devicetree_taken(fdt, ranges, max);
	HOLDS(count >= 1 && count <= 1 + most + fdt->size / 16);
	free(ranges);
}

/* Puts up to MAX hardware ids of CPUs into IDS. Returns how many nodes the tree has. */
static size_t use_tree(const struct fdt *fdt, const char *needed, uint64_t *ids, size_t max)
{
	const char *line = devicetree_command_line(fdt); /* NULL: it has no end */
	fdt_node console = devicetree_console(fdt);
	size_t count = devicetree_cpus(fdt, needed, ids, max);

	HOLDS(count <= fdt->structure_size / 4);
	HOLDS(count == devicetree_cpus(fdt, needed, NULL, 0));
	HOLDS(console == FDT_NO_NODE || console < fdt->structure_size);
	(void)devicetree_address(fdt, console);
	HOLDS(!line || strlen(line) <= fdt->structure_size);
	(void)devicetree_timebase(fdt);
	use_nodes(fdt, max);
	HOLDS(!devicetree_memory_end(fdt, 64) || devicetree_memory_end(fdt, 64) >= 64);
	use_node(fdt, devicetree_compatible(fdt, "arm,gic-v3"));
	use_node(fdt, devicetree_compatible(fdt, "riscv,plic0"));
	return walk_tree(fdt, FDT_ROOT);
}

#endif

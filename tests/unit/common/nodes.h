/* SPDX-License-Identifier: MIT */
/*
 * For tests of boards/common/nodes.c: device trees with CPUs and memory in nodes, made piece by
 * piece, and what is read from them.
 */
#ifndef UNIT_NODES_H
#define UNIT_NODES_H

#include <boards/common/nodes.h>

#include <stdlib.h>
#include <string.h>

#include "tree.h"
#include "unit.h"

#define MAX 8
#define NO_NODE UINT32_MAX

static struct tree tree;
static void *blob;
static struct fdt fdt;

static inline void start(void)
{
	tree = (struct tree){.structure_size = 0};
	tree_begin(&tree, "");
	tree_cell(&tree, "#address-cells", 2);
	tree_cell(&tree, "#size-cells", 2);
	tree_begin(&tree, "cpus");
	tree_cell(&tree, "#address-cells", 1);
}

static inline void add_node_id(uint32_t node)
{
	if (node != NO_NODE)
		tree_cell(&tree, "numa-node-id", node);
}

static inline void add_cpu(uint32_t id, uint32_t node)
{
	tree_begin(&tree, "cpu");
	tree_string(&tree, "device_type", "cpu");
	tree_cell(&tree, "reg", id);
	add_node_id(node);
	tree_end(&tree);
}

static inline void end_cpus(void)
{
	tree_end(&tree);
}

/* From GiB START on, SIZE of them. */
static inline void add_memory(uint32_t start, uint32_t size, uint32_t node)
{
	tree_begin(&tree, "memory");
	tree_string(&tree, "device_type", "memory");
	TREE_CELLS(&tree, "reg", start / 4, start % 4 << 30, size / 4, size % 4 << 30);
	add_node_id(node);
	tree_end(&tree);
}

static inline void begin_reserved(uint32_t address_cells)
{
	tree_begin(&tree, "reserved-memory");
	tree_cell(&tree, "#address-cells", address_cells);
	tree_cell(&tree, "#size-cells", 2);
}

static inline void begin_map(void)
{
	tree_begin(&tree, "distance-map");
	tree_string(&tree, "compatible", "numa-distance-map-v1");
}

static inline void open_tree(void)
{
	const char *error;

	blob = tree_blob(&tree, STRUCTURE_LAST, NULL);
	tree_free(&tree);
	error = fdt_open(&fdt, blob);
	if (error)
		tap_bail_out("the test's own tree: %s", error);
}

/* What is said of it; to be freed. */
static inline const char *finish(void)
{
	tree_end(&tree);
	tree_token(&tree, 9);
	open_tree();
	return devicetree_check_nodes(&fdt);
}

/* Whether the sentence has WHY in it. */
static inline bool says(const char *why)
{
	const char *error = finish();
	bool right = error && strstr(error, why);

	free(blob);
	return right;
}

static inline uint32_t node_of(uint64_t id)
{
	uint32_t node = 77;

	return devicetree_node_of(&fdt, id, &node) ? node : NO_NODE;
}

static inline bool is(const struct board_range *range, uint64_t start, uint64_t size, uint32_t node)
{
	return range->start == start && range->size == size && range->node == node;
}

#endif

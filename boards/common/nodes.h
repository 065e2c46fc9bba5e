/* SPDX-License-Identifier: 0BSD */
/*
 * What a device tree says of nodes (NUMA) and RAM, for boards/board.h: "numa-node-id" of CPUs and
 * memory, and the distances (Linux, Documentation/devicetree/bindings/numa.txt).
 */
#ifndef NODES_H
#define NODES_H

#include <boards/board.h>

#include "devicetree.h"

/* NULL, or a sentence that says what is wrong with what the tree says of all this. */
const char *devicetree_check_nodes(const struct fdt *fdt);

/* These for a tree without such a sentence: as the functions of boards/board.h. */
bool devicetree_node_of(const struct fdt *fdt, uint64_t hwid, uint32_t *node);
uint32_t devicetree_distance(const struct fdt *fdt, uint32_t from, uint32_t to);
size_t devicetree_ram(const struct fdt *fdt, struct board_range *ranges, size_t max);

/*
 * What the tree says is not to be used, and the tree itself: as board_find_taken, but for the
 * kernel.
 */
size_t devicetree_taken(const struct fdt *fdt, struct board_range *ranges, size_t max);

#endif

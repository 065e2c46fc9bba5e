/* SPDX-License-Identifier: 0BSD */
/* Nodes and RAM for boards with a device tree: boards/board.h by nodes.h. */
#include "nodes.h"

extern const char kernel_start[], kernel_end[]; /* ldscripts/kernel.ld */

const char *board_find_nodes(void)
{
	return devicetree_check_nodes(board_tree());
}

bool board_node_of(uint64_t hwid, uint32_t *node)
{
	return devicetree_node_of(board_tree(), hwid, node);
}

uint32_t board_distance(uint32_t from, uint32_t to)
{
	return devicetree_distance(board_tree(), from, to);
}

size_t board_find_ram(struct board_range *ranges, size_t max)
{
	return devicetree_ram(board_tree(), ranges, max);
}

size_t board_find_taken(struct board_range *ranges, size_t max)
{
	size_t count = devicetree_taken(board_tree(), ranges, max);

	if (count < max)
		ranges[count] = (struct board_range){(uintptr_t)kernel_start,
						     (uintptr_t)(kernel_end - kernel_start), 0};
	return count + 1;
}

/* SPDX-License-Identifier: 0BSD */
/* What boards with a device tree have in common. */
#ifndef DEVICETREE_H
#define DEVICETREE_H

#include "fdt.h"

/*
 * The CPUs of the tree that can run a kernel, in its order: as board_find_cpus. A CPU counts if it
 * is not disabled and, where NEEDED names a property, has it.
 */
size_t devicetree_cpus(const struct fdt *fdt, const char *needed, uint64_t *hwids, size_t max);

/*
 * The next of these CPUs after NODE, or the first if that is FDT_NO_NODE, and its hardware id;
 * FDT_NO_NODE if there is none.
 */
fdt_node devicetree_next_cpu(const struct fdt *fdt, fdt_node node, const char *needed,
			     uint64_t *hwid);

/* The boot loader's command line; "" if none. */
const char *devicetree_command_line(const struct fdt *fdt);

/* The version of the U-Boot that passed the tree on; NULL if none did. */
const char *devicetree_u_boot(const struct fdt *fdt);

/* The node of the serial console: /chosen/stdout-path, a path or an alias, up to a colon. */
fdt_node devicetree_console(const struct fdt *fdt);

/*
 * Entry INDEX of a node's "reg": its address as the CPU sees it, through the "ranges" of each bus
 * above, and through SIZE how many bytes it has. 0 and 0 if there is none, it has no bytes, or a
 * bus does not map all of it.
 */
uint64_t devicetree_region(const struct fdt *fdt, fdt_node node, size_t index, uint64_t *size);

/* How many whole entries a node's "reg" has, some of which may have no bytes. */
size_t devicetree_regions(const struct fdt *fdt, fdt_node node);

/* Whether it has nothing else, and the buses map each of them: devicetree_region leaves none out.
 */
bool devicetree_regions_readable(const struct fdt *fdt, fdt_node node);

/* The first address in a node's "reg", likewise. */
uint64_t devicetree_address(const struct fdt *fdt, fdt_node node);

/*
 * The first enabled node that is compatible with VALUE, among the root's children and theirs.
 */
fdt_node devicetree_compatible(const struct fdt *fdt, const char *value);

/* The next enabled memory node after NODE, or the first if that is FDT_NO_NODE. */
fdt_node devicetree_next_memory(const struct fdt *fdt, fdt_node node);

/*
 * Where the RAM ends that the memory nodes list, without a gap, from ADDRESS on: ADDRESS itself if
 * it is not in it; 0 if there are no such nodes.
 */
uint64_t devicetree_memory_end(const struct fdt *fdt, uint64_t address);

/* How often the harts' time counter ticks in a second; 0 if the tree does not say. */
uint64_t devicetree_timebase(const struct fdt *fdt);

/* The board's tree, for code that finds other devices in it: given by each board that has one. */
const struct fdt *board_tree(void);

/*
 * TICKS of a clock of RATE ticks a second, in microseconds. In two parts, for TICKS * 1000000 may
 * be more than 64 bits.
 */
static inline uint64_t devicetree_microseconds(uint64_t ticks, uint64_t rate)
{
	return ticks / rate * 1000000 + ticks % rate * 1000000 / rate;
}

#endif

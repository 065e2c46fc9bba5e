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

/* The boot loader's command line; "" if none. */
const char *devicetree_command_line(const struct fdt *fdt);

/* The node of the serial console: /chosen/stdout-path, a path or an alias, up to a colon. */
fdt_node devicetree_console(const struct fdt *fdt);

/* The first address in a node's "reg", for a child of the root or of a bus that maps 1:1. */
uint64_t devicetree_address(const struct fdt *fdt, fdt_node node);

#endif

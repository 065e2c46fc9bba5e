/* SPDX-License-Identifier: 0BSD */
#include "devicetree.h"

/* "okay" is the default (Devicetree Specification, 2.3.4); old trees say "ok". */
static bool enabled(const struct fdt *fdt, fdt_node node)
{
	size_t size;

	return !fdt_property(fdt, node, "status", &size) ||
	       fdt_has_string(fdt, node, "status", "okay") ||
	       fdt_has_string(fdt, node, "status", "ok");
}

size_t devicetree_cpus(const struct fdt *fdt, const char *needed, uint64_t *hwids, size_t max)
{
	fdt_node list = fdt_find(fdt, "/cpus");
	size_t cells = (size_t)fdt_number(fdt, list, "#address-cells", 1, 1);
	size_t count = 0, size;

	if (list == FDT_NO_NODE)
		return 0;
	for (fdt_node node = fdt_first_child(fdt, list); node != FDT_NO_NODE;
	     node = fdt_next_sibling(fdt, node)) {
		if (!fdt_has_string(fdt, node, "device_type", "cpu") || !enabled(fdt, node) ||
		    (needed && !fdt_property(fdt, node, needed, &size)) ||
		    !fdt_property(fdt, node, "reg", &size) || size < 4 * cells)
			continue;
		if (count < max)
			hwids[count] = fdt_number(fdt, node, "reg", cells, 0);
		count++;
	}
	return count;
}

const char *devicetree_command_line(const struct fdt *fdt)
{
	const char *line = fdt_string(fdt, fdt_find(fdt, "/chosen"), "bootargs");

	return line ? line : "";
}

/* Its booti adds this before it jumps to the kernel (U-Boot, boot/fdt_support.c). */
const char *devicetree_u_boot(const struct fdt *fdt)
{
	return fdt_string(fdt, fdt_find(fdt, "/chosen"), "u-boot,version");
}

fdt_node devicetree_console(const struct fdt *fdt)
{
	const char *given = fdt_string(fdt, fdt_find(fdt, "/chosen"), "stdout-path");
	char path[128];
	size_t n = 0;

	for (; given && given[n] && given[n] != ':'; n++) {
		if (n == sizeof(path) - 1)
			return FDT_NO_NODE;
		path[n] = given[n];
	}
	path[n] = '\0';
	if (path[0] == '/')
		return fdt_find(fdt, path);
	given = n ? fdt_string(fdt, fdt_find(fdt, "/aliases"), path) : NULL;
	return given ? fdt_find(fdt, given) : FDT_NO_NODE;
}

uint64_t devicetree_address(const struct fdt *fdt, fdt_node node)
{
	return fdt_number(fdt, node, "reg",
			  (size_t)fdt_number(fdt, FDT_ROOT, "#address-cells", 1, 2), 0);
}

uint64_t devicetree_region(const struct fdt *fdt, fdt_node node, size_t index, uint64_t *size)
{
	size_t address_cells = (size_t)fdt_number(fdt, FDT_ROOT, "#address-cells", 1, 2);
	size_t size_cells = (size_t)fdt_number(fdt, FDT_ROOT, "#size-cells", 1, 1);
	size_t at = index * (address_cells + size_cells);

	*size = fdt_number_at(fdt, node, "reg", at + address_cells, size_cells, 0);
	return *size ? fdt_number_at(fdt, node, "reg", at, address_cells, 0) : 0;
}

fdt_node devicetree_compatible(const struct fdt *fdt, const char *value)
{
	for (fdt_node node = fdt_first_child(fdt, FDT_ROOT); node != FDT_NO_NODE;
	     node = fdt_next_sibling(fdt, node)) {
		if (fdt_has_string(fdt, node, "compatible", value) && enabled(fdt, node))
			return node;
		for (fdt_node child = fdt_first_child(fdt, node); child != FDT_NO_NODE;
		     child = fdt_next_sibling(fdt, child))
			if (fdt_has_string(fdt, child, "compatible", value) && enabled(fdt, child))
				return child;
	}
	return FDT_NO_NODE;
}

/* Under /cpus or, in older trees, in each cpu node: the specification has both. */
uint64_t devicetree_timebase(const struct fdt *fdt)
{
	fdt_node list = fdt_find(fdt, "/cpus");
	uint64_t rate = fdt_number(fdt, list, "timebase-frequency", 1, 0);

	return rate ? rate
		    : fdt_number(fdt, fdt_first_child(fdt, list), "timebase-frequency", 1, 0);
}

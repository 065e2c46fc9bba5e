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

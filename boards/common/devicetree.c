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

fdt_node devicetree_next_cpu(const struct fdt *fdt, fdt_node node, const char *needed,
			     uint64_t *hwid)
{
	fdt_node list = fdt_find(fdt, "/cpus");
	size_t cells = (size_t)fdt_number(fdt, list, "#address-cells", 1, 1);
	size_t size;

	node = node == FDT_NO_NODE ? fdt_first_child(fdt, list) : fdt_next_sibling(fdt, node);
	for (; node != FDT_NO_NODE; node = fdt_next_sibling(fdt, node)) {
		if (!fdt_has_string(fdt, node, "device_type", "cpu") || !enabled(fdt, node) ||
		    (needed && !fdt_property(fdt, node, needed, &size)) ||
		    !fdt_property(fdt, node, "reg", &size) || size < 4 * cells)
			continue;
		*hwid = fdt_number(fdt, node, "reg", cells, 0);
		return node;
	}
	return FDT_NO_NODE;
}

size_t devicetree_cpus(const struct fdt *fdt, const char *needed, uint64_t *hwids, size_t max)
{
	fdt_node node = FDT_NO_NODE;
	size_t count = 0;
	uint64_t hwid;

	while ((node = devicetree_next_cpu(fdt, node, needed, &hwid)) != FDT_NO_NODE) {
		if (count < max)
			hwids[count] = hwid;
		count++;
	}
	return count;
}

const char *devicetree_command_line(const struct fdt *fdt)
{
	fdt_node chosen = fdt_find(fdt, "/chosen");
	size_t size;

	if (!fdt_property(fdt, chosen, "bootargs", &size) || !size)
		return "";
	return fdt_string(fdt, chosen, "bootargs");
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

/* How many cells an address and a size have among the children of a node. */
struct cells {
	size_t address, size;
};

/* False if a number of ours, of 64 bits, does not hold them; PCI's addresses have three cells. */
static bool read_cells(const struct fdt *fdt, fdt_node node, struct cells *cells)
{
	cells->address = (size_t)fdt_number(fdt, node, "#address-cells", 1, 2);
	cells->size = (size_t)fdt_number(fdt, node, "#size-cells", 1, 1);
	return cells->address - 1 < 2 && cells->size - 1 < 2;
}

/*
 * Makes the ADDRESS of SIZE bytes on BUS one on the bus above, PARENT (Devicetree Specification,
 * 2.3.8): "ranges" is a list of places on the bus, places above, and lengths. Empty, it says that
 * they are the same; without it, nothing on the bus is visible from above.
 */
static bool map_upwards(const struct fdt *fdt, fdt_node bus, fdt_node parent, uint64_t *address,
			uint64_t size)
{
	size_t bytes;
	struct cells here, above;

	if (!fdt_property(fdt, bus, "ranges", &bytes) || !read_cells(fdt, bus, &here) ||
	    !read_cells(fdt, parent, &above))
		return false;
	for (size_t at = 0, next; at < bytes / 4; at = next) {
		size_t target_at = at + here.address, length_at = target_at + above.address;
		uint64_t start = fdt_number_at(fdt, bus, "ranges", at, here.address, 0);
		uint64_t target = fdt_number_at(fdt, bus, "ranges", target_at, above.address, 0);
		uint64_t length = fdt_number_at(fdt, bus, "ranges", length_at, here.size, 0);
		uint64_t offset = *address - start;

		next = length_at + here.size;
		if (offset < length && size <= length - offset && target <= UINT64_MAX - offset) {
			*address = target + offset;
			return true;
		}
	}
	return bytes == 0;
}

/* What a node's "reg" lies below, and how many cells its entries have. */
struct reg {
	fdt_node node;
	fdt_node path[8]; /* as deep as any machine's tree, by far */
	size_t depth;
	struct cells cells;
};

static bool find_reg(const struct fdt *fdt, fdt_node node, struct reg *reg)
{
	reg->node = node;
	reg->depth = fdt_path(fdt, node, reg->path, sizeof(reg->path) / sizeof(reg->path[0]));
	return reg->depth >= 2 && read_cells(fdt, reg->path[reg->depth - 2], &reg->cells);
}

/* Its entry INDEX as the CPU sees it; false if a bus does not map all of it. */
static bool read_region(const struct fdt *fdt, const struct reg *reg, size_t index,
			uint64_t *address, uint64_t *size)
{
	size_t at = index * (reg->cells.address + reg->cells.size);

	*address = fdt_number_at(fdt, reg->node, "reg", at, reg->cells.address, 0);
	*size = fdt_number_at(fdt, reg->node, "reg", at + reg->cells.address, reg->cells.size, 0);
	for (size_t bus = reg->depth - 2; bus > 0 && *size; bus--)
		if (!map_upwards(fdt, reg->path[bus], reg->path[bus - 1], address, *size))
			return false;
	return true;
}

uint64_t devicetree_region(const struct fdt *fdt, fdt_node node, size_t index, uint64_t *size)
{
	struct reg reg;
	uint64_t address;

	if (!find_reg(fdt, node, &reg) || !read_region(fdt, &reg, index, &address, size))
		*size = 0;
	return *size ? address : 0;
}

size_t devicetree_regions(const struct fdt *fdt, fdt_node node)
{
	struct reg reg;
	size_t bytes;

	if (!fdt_property(fdt, node, "reg", &bytes) || !find_reg(fdt, node, &reg))
		return 0;
	return bytes / (4 * (reg.cells.address + reg.cells.size));
}

bool devicetree_regions_readable(const struct fdt *fdt, fdt_node node)
{
	struct reg reg;
	uint64_t address, size;
	size_t bytes;

	if (!fdt_property(fdt, node, "reg", &bytes))
		return true;
	if (!find_reg(fdt, node, &reg) || bytes % (4 * (reg.cells.address + reg.cells.size)))
		return false;
	for (size_t i = devicetree_regions(fdt, node); i > 0; i--)
		if (!read_region(fdt, &reg, i - 1, &address, &size))
			return false;
	return true;
}

uint64_t devicetree_address(const struct fdt *fdt, fdt_node node)
{
	uint64_t size;

	return devicetree_region(fdt, node, 0, &size);
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

fdt_node devicetree_next_memory(const struct fdt *fdt, fdt_node node)
{
	node = node == FDT_NO_NODE ? fdt_first_child(fdt, FDT_ROOT) : fdt_next_sibling(fdt, node);
	while (node != FDT_NO_NODE &&
	       (!fdt_has_string(fdt, node, "device_type", "memory") || !enabled(fdt, node)))
		node = fdt_next_sibling(fdt, node);
	return node;
}

/* Where the range of memory ends that has ADDRESS in it; ADDRESS if none has. Counts the ranges. */
static uint64_t range_end(const struct fdt *fdt, uint64_t address, size_t *ranges)
{
	fdt_node node = FDT_NO_NODE;
	uint64_t start, size;

	while ((node = devicetree_next_memory(fdt, node)) != FDT_NO_NODE)
		for (size_t i = devicetree_regions(fdt, node); i > 0; i--) {
			start = devicetree_region(fdt, node, i - 1, &size);
			*ranges += size > 0;
			if (address - start < size)
				return start + size;
		}
	return address;
}

uint64_t devicetree_memory_end(const struct fdt *fdt, uint64_t address)
{
	size_t ranges = 0;
	uint64_t end = range_end(fdt, address, &ranges);

	/* Each step is over a range, up; an address that wraps has come to the end. */
	while (end > address) {
		address = end;
		end = range_end(fdt, address, &ranges);
	}
	return ranges ? address : 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * Addresses of devices below buses. It fails if one is not what the CPU sees, as the "ranges" of
 * each bus above say, or if a device has an address that no bus maps, or not all of.
 */
#include <boards/common/devicetree.h>

#include <stdlib.h>
#include <string.h>

#include "common/tree.h"
#include "common/unit.h"

/* boards/raspi3b/raspi3b.dts: its bus maps 0x7e000000 to 0x3f000000. */
#define RASPI "raspi3b.dtb"

static struct tree tree;
static void *blob;
static struct fdt fdt;

static void open_tree(void)
{
	const char *error;

	blob = tree_blob(&tree, STRUCTURE_LAST, NULL);
	tree_free(&tree);
	error = fdt_open(&fdt, blob);
	if (error)
		tap_bail_out("the test's own tree: %s", error);
}

#define CELLS(name, ...) TREE_CELLS(&tree, name, __VA_ARGS__)

static void begin(const char *name, uint32_t address_cells, uint32_t size_cells)
{
	tree_begin(&tree, name);
	tree_cell(&tree, "#address-cells", address_cells);
	tree_cell(&tree, "#size-cells", size_cells);
}

/* Ends DEPTH nodes. Returns the address of entry INDEX of the node "/bus/device", or deeper. */
static uint64_t ends(size_t depth, const char *path, size_t index, uint64_t *size)
{
	uint64_t address;

	while (depth--)
		tree_end(&tree);
	tree_token(&tree, 9);
	open_tree();
	address = devicetree_region(&fdt, fdt_find(&fdt, path), index, size);
	if (index == 0)
		CHECK(devicetree_address(&fdt, fdt_find(&fdt, path)) == address);
	free(blob);
	return address;
}

static void begin_device(void)
{
	tree_begin(&tree, "device");
	CELLS("reg", 0x7e001000, 0x100, 0x7e0ffff0, 0x20);
}

static uint64_t address_in_bus(void)
{
	uint64_t size, address;

	begin_device();
	address = ends(3, "/bus/device", 0, &size);
	CHECK(size == (address ? 0x100 : 0));
	return address;
}

static void raspi(void)
{
	uint64_t size, ids[8];
	fdt_node console;

	tree_load(&tree, RASPI);
	open_tree();
	console = devicetree_console(&fdt);
	CHECK(!strcmp(fdt_name(&fdt, console), "serial@7e201000"));
	CHECK(devicetree_address(&fdt, console) == 0x3f201000);
	CHECK(devicetree_region(&fdt, devicetree_compatible(&fdt, "brcm,bcm2835-pm-wdt"), 0,
				&size) == 0x3f100000 &&
	      size == 0x114);
	CHECK(devicetree_cpus(&fdt, NULL, ids, 8) == 4 && ids[3] == 3);
	free(blob);
}

static void next_cpus(void)
{
	fdt_node node = FDT_NO_NODE;
	uint64_t id;

	tree_load(&tree, RASPI);
	open_tree();
	for (uint64_t cpu = 0; cpu < 4; cpu++) {
		node = devicetree_next_cpu(&fdt, node, NULL, &id);
		CHECK(id == cpu);
		CHECK(fdt_has_string(&fdt, node, "enable-method", "spin-table"));
		CHECK(fdt_number(&fdt, node, "cpu-release-addr", 2, 0) == 0xd8 + 8 * cpu);
	}
	CHECK(devicetree_next_cpu(&fdt, node, NULL, &id) == FDT_NO_NODE);
	CHECK(devicetree_next_cpu(&fdt, FDT_NO_NODE, "mmu-type", &id) == FDT_NO_NODE);
	free(blob);
}

static void empty(void)
{
	begin("", 1, 1);
	begin("bus", 1, 1);
	tree_property(&tree, "ranges", NULL, 0);
	CHECK(address_in_bus() == 0x7e001000);
}

static void missing(void)
{
	begin("", 1, 1);
	begin("bus", 1, 1);
	CHECK(address_in_bus() == 0);
}

static void too_short(void)
{
	for (size_t bytes = 1; bytes < 12; bytes++) {
		unsigned char range[12] = {0x7e, 0, 0, 0, 0x3f, 0, 0, 0, 1};

		begin("", 1, 1);
		begin("bus", 1, 1);
		tree_property(&tree, "ranges", range, bytes);
		CHECK(address_in_bus() == 0);
	}
}

/* The second of two ranges; cut off, it is none. */
static void several(void)
{
	begin("", 1, 1);
	begin("bus", 1, 1);
	CELLS("ranges", 0x10000000, 0x20000000, 0x1000, 0x7e000000, 0x3f000000, 0x100000);
	CHECK(address_in_bus() == 0x3f001000);
	begin("", 1, 1);
	begin("bus", 1, 1);
	CELLS("ranges", 0x10000000, 0x20000000, 0x1000, 0x7e000000, 0x3f000000);
	CHECK(address_in_bus() == 0);
}

static void outside(void)
{
	static const uint32_t ranges[][3] = {
		{0x7e001001, 0x3f000000, 0x1000}, /* starts behind its start */
		{0x7e000000, 0x3f000000, 0x1000}, /* ends before it */
		{0x7e000000, 0x3f000000, 0x10ff}, /* ends inside it */
		{0x7e000000, 0x3f000000, 0},	  {0x7e002000, 0x3f000000, 0xffffffff},
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		begin("", 1, 1);
		begin("bus", 1, 1);
		tree_cells(&tree, "ranges", ranges[i], 3);
		CHECK(address_in_bus() == 0);
	}
	begin("", 1, 1);
	begin("bus", 1, 1);
	CELLS("ranges", 0x7e000000, 0x3f000000, 0x1100); /* and this one just holds it */
	CHECK(address_in_bus() == 0x3f001000);
}

/* Each entry is mapped by itself: the first of these is, the second sticks out. */
static void entries(void)
{
	uint64_t size;

	for (size_t index = 0; index < 3; index++) {
		begin("", 1, 1);
		begin("bus", 1, 1);
		CELLS("ranges", 0x7e000000, 0x3f000000, 0x100000);
		begin_device();
		CHECK(ends(3, "/bus/device", index, &size) == (index ? 0 : 0x3f001000));
		CHECK(size == (index ? 0 : 0x100));
	}
}

static void cells_differ(void)
{
	uint64_t size;

	begin("", 2, 1);
	begin("bus", 1, 1);
	CELLS("ranges", 0x7e000000, 0x47, 0xc0000000, 0x1000000);
	CHECK(address_in_bus() == 0x47c0001000);
	begin("", 1, 1);
	begin("bus", 2, 2);
	CELLS("ranges", 5, 0, 0x3f000000, 0, 0x1000000);
	tree_begin(&tree, "device");
	CELLS("reg", 5, 0x1000, 0, 0x100);
	CHECK(ends(3, "/bus/device", 0, &size) == 0x3f001000 && size == 0x100);
}

/* Trees that are whole, and would have an address if the number were read as 0. */
static void three_cells(void)
{
	uint64_t size;

	begin("", 1, 1);
	begin("bus", 3, 1); /* as PCI has it */
	CELLS("ranges", 0x2000000, 0, 0x7e000000, 0x3f000000, 0x1000000);
	tree_begin(&tree, "device");
	CELLS("reg", 0x2000000, 0, 0x7e001000, 0x100);
	CHECK(ends(3, "/bus/device", 0, &size) == 0 && size == 0);
	begin("", 3, 1);
	begin("bus", 1, 1);
	CELLS("ranges", 0x7e000000, 0, 0, 0x3f000000, 0x1000000);
	CHECK(address_in_bus() == 0);
	begin("", 1, 1);
	begin("bus", 1, 3);
	CELLS("ranges", 0x7e000000, 0x3f000000, 0, 0, 0x1000000);
	tree_begin(&tree, "device");
	CELLS("reg", 0x7e001000, 0, 0, 0x100);
	CHECK(ends(3, "/bus/device", 0, &size) == 0 && size == 0);
}

static void impossible_cells(void)
{
	static const uint32_t counts[] = {0, 4, 0x7fffffff, 0x80000000, 0xffffffff};

	for (size_t i = 0; i < 3 * sizeof(counts) / sizeof(counts[0]); i++) {
		uint32_t count = counts[i / 3];

		begin("", i % 3 == 0 ? count : 1, 1);
		begin("bus", i % 3 == 1 ? count : 1, i % 3 == 2 ? count : 1);
		CELLS("ranges", 0x7e000000, 0x3f000000, 0x1000000);
		CHECK(address_in_bus() == 0);
	}
}

static void wraps(void)
{
	begin("", 2, 1);
	begin("bus", 1, 1);
	CELLS("ranges", 0x7e000000, 0xffffffff, 0xfffff000, 0x1000000);
	CHECK(address_in_bus() == 0);
}

static void buses_in_buses(void)
{
	uint64_t size;

	begin("", 1, 1);
	begin("outer", 1, 1);
	CELLS("ranges", 0x100000, 0x3f000000, 0x100000);
	begin("bus", 1, 1);
	CELLS("ranges", 0x7e000000, 0x100000, 0x100000);
	begin_device();
	CHECK(ends(4, "/outer/bus/device", 0, &size) == 0x3f001000);
	begin("", 1, 1);
	begin("outer", 1, 1); /* maps nothing */
	begin("bus", 1, 1);
	CELLS("ranges", 0x7e000000, 0x100000, 0x100000);
	begin_device();
	CHECK(ends(4, "/outer/bus/device", 0, &size) == 0);
}

/* As deep as a path may be, and one deeper. */
static void deep(void)
{
	for (size_t depth = 6; depth <= 7; depth++) {
		uint64_t size;
		char path[64] = "";

		begin("", 1, 1);
		for (size_t i = 0; i < depth; i++) {
			begin("b", 1, 1);
			tree_property(&tree, "ranges", NULL, 0);
			strcat(path, "/b");
		}
		strcat(path, "/device");
		begin_device();
		CHECK(ends(depth + 2, path, 0, &size) == (depth == 6 ? 0x7e001000 : 0));
	}
}

static void memory(const char *name, uint32_t start, uint32_t size, uint32_t more, uint32_t length)
{
	tree_begin(&tree, name);
	tree_string(&tree, "device_type", "memory");
	CELLS("reg", 0, start, 0, size, 0, more, 0, length);
	tree_end(&tree);
}

/* Of two nodes, as NUMA has them, out of order; one range touches the next, another does not. */
static void memory_ends(void)
{
	begin("", 2, 2);
	memory("memory@3000", 0x3000, 0x1000, 0x8000, 0x1000);
	memory("memory@1000", 0x1000, 0x1000, 0x2000, 0x1000);
	tree_end(&tree);
	tree_token(&tree, 9);
	open_tree();
	CHECK(devicetree_memory_end(&fdt, 0x1000) == 0x4000);
	CHECK(devicetree_memory_end(&fdt, 0x3fff) == 0x4000);
	CHECK(devicetree_memory_end(&fdt, 0x8001) == 0x9000);
	CHECK(devicetree_memory_end(&fdt, 0xfff) == 0xfff);
	CHECK(devicetree_memory_end(&fdt, 0x4000) == 0x4000);
	CHECK(fdt_size(blob) > FDT_HEADER_SIZE && fdt_size(NULL) == 0);
	CHECK(fdt_size((char *)blob + 4) == 0);
	free(blob);
	begin("", 2, 2);
	tree_end(&tree);
	tree_token(&tree, 9);
	open_tree();
	CHECK(devicetree_memory_end(&fdt, 0x1000) == 0);
	free(blob);
}

static void node_paths(void)
{
	fdt_node path[3] = {99, 99, 99}, console;

	tree_load(&tree, RASPI);
	open_tree();
	console = devicetree_console(&fdt);
	CHECK(fdt_path(&fdt, console, path, 2) == 0);
	CHECK(fdt_path(&fdt, console, path, 3) == 3);
	CHECK(path[0] == FDT_ROOT && path[1] == fdt_find(&fdt, "/soc") && path[2] == console);
	CHECK(fdt_path(&fdt, FDT_ROOT, path, 1) == 1 && fdt_path(&fdt, FDT_ROOT, path, 0) == 0);
	CHECK(fdt_path(&fdt, FDT_NO_NODE, path, 3) == 0);
	/* Inside a node, but none. */
	CHECK(fdt_path(&fdt, console + 4, path, 3) == 0);
	free(blob);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"raspi3b's devices are where its bus maps them", raspi},
		{"CPUs are found one after the other, each with its node", next_cpus},
		{"empty ranges map a bus one to one", empty},
		{"a bus without ranges maps nothing", missing},
		{"a range that is cut off maps nothing", too_short},
		{"the range is taken that the address is in", several},
		{"what is not in a range, to its last byte, has no address", outside},
		{"each entry of reg is mapped by itself", entries},
		{"cells may differ from bus to bus", cells_differ},
		{"an address or size of three cells is none of a device's", three_cells},
		{"numbers of cells that nothing has leave no address", impossible_cells},
		{"a range that maps beyond the last address maps nothing", wraps},
		{"buses are mapped by the buses they are on", buses_in_buses},
		{"a tree that is too deep has no addresses", deep},
		{"memory ends where no range goes on", memory_ends},
		{"a path leads from the root to a node", node_paths},
	};

	UNIT_RUN(tests);
}

/* SPDX-License-Identifier: MIT */
/*
 * boards/common/nodes.c: nodes, RAM and what is reserved, by made trees, by wrong ones and by
 * machines', as QEMU gives them to kernels/numa. It fails if something is in another node than the
 * tree says, if a distance is another, if something reserved is not listed, or if a wrong tree has
 * no sentence.
 */
#include <boards/common/nodes.h>

#include <stdlib.h>
#include <string.h>

#include "common/tree.h"
#include "common/unit.h"

#define MAX 8
#define NO_NODE UINT32_MAX

static struct tree tree;
static void *blob;
static struct fdt fdt;

static void start(void)
{
	tree = (struct tree){.structure_size = 0};
	tree_begin(&tree, "");
	tree_cell(&tree, "#address-cells", 2);
	tree_cell(&tree, "#size-cells", 2);
	tree_begin(&tree, "cpus");
	tree_cell(&tree, "#address-cells", 1);
}

static void add_node_id(uint32_t node)
{
	if (node != NO_NODE)
		tree_cell(&tree, "numa-node-id", node);
}

static void add_cpu(uint32_t id, uint32_t node)
{
	tree_begin(&tree, "cpu");
	tree_string(&tree, "device_type", "cpu");
	tree_cell(&tree, "reg", id);
	add_node_id(node);
	tree_end(&tree);
}

static void end_cpus(void)
{
	tree_end(&tree);
}

/* From GiB START on, SIZE of them. */
static void add_memory(uint32_t start, uint32_t size, uint32_t node)
{
	tree_begin(&tree, "memory");
	tree_string(&tree, "device_type", "memory");
	TREE_CELLS(&tree, "reg", start / 4, start % 4 << 30, size / 4, size % 4 << 30);
	add_node_id(node);
	tree_end(&tree);
}

static void begin_reserved(uint32_t address_cells)
{
	tree_begin(&tree, "reserved-memory");
	tree_cell(&tree, "#address-cells", address_cells);
	tree_cell(&tree, "#size-cells", 2);
}

static void begin_map(void)
{
	tree_begin(&tree, "distance-map");
	tree_string(&tree, "compatible", "numa-distance-map-v1");
}

static void open_tree(void)
{
	const char *error;

	blob = tree_blob(&tree, STRUCTURE_LAST, NULL);
	tree_free(&tree);
	error = fdt_open(&fdt, blob);
	if (error)
		tap_bail_out("the test's own tree: %s", error);
}

/* What is said of it; to be freed. */
static const char *finish(void)
{
	tree_end(&tree);
	tree_token(&tree, 9);
	open_tree();
	return devicetree_check_nodes(&fdt);
}

/* Whether the sentence has WHY in it. */
static bool says(const char *why)
{
	const char *error = finish();
	bool right = error && strstr(error, why);

	free(blob);
	return right;
}

static uint32_t node_of(uint64_t id)
{
	uint32_t node = 77;

	return devicetree_node_of(&fdt, id, &node) ? node : NO_NODE;
}

static bool is(const struct board_range *range, uint64_t start, uint64_t size, uint32_t node)
{
	return range->start == start && range->size == size && range->node == node;
}

static void nothing_told(void)
{
	struct board_range ram[MAX];

	start();
	add_cpu(0, NO_NODE);
	add_cpu(5, NO_NODE);
	end_cpus();
	add_memory(2, 1, NO_NODE);
	add_memory(5, 4, NO_NODE);
	CHECK(!finish());
	CHECK(node_of(0) == 0 && node_of(5) == 0 && node_of(1) == NO_NODE);
	CHECK(devicetree_ram(&fdt, ram, MAX) == 2);
	CHECK(is(&ram[0], UINT64_C(2) << 30, UINT64_C(1) << 30, 0));
	CHECK(is(&ram[1], UINT64_C(5) << 30, UINT64_C(4) << 30, 0));
	CHECK(devicetree_distance(&fdt, 0, 0) == BOARD_LOCAL);
	free(blob);
}

static void nodes(void)
{
	struct board_range ram[MAX] = {{0, 0, 0}};

	start();
	add_cpu(0, 3);
	add_cpu(1, 0x12345678);
	end_cpus();
	add_memory(2, 1, 9);
	tree_begin(&tree, "memory@100000000");
	tree_string(&tree, "device_type", "memory");
	TREE_CELLS(&tree, "reg", 1, 0, 0, 0x1000, 2, 0, 0, 0x2000);
	add_node_id(3);
	tree_end(&tree);
	CHECK(!finish());
	CHECK(node_of(0) == 3 && node_of(1) == 0x12345678 && node_of(2) == NO_NODE);
	CHECK(devicetree_ram(&fdt, ram, 2) == 3 && ram[2].size == 0);
	CHECK(devicetree_ram(&fdt, ram, MAX) == 3 && ram[0].node == 9);
	CHECK(is(&ram[1], UINT64_C(1) << 32, 0x1000, 3));
	CHECK(is(&ram[2], UINT64_C(2) << 32, 0x2000, 3));
	CHECK(devicetree_distance(&fdt, 3, 9) == BOARD_REMOTE);
	free(blob);
}

/* Memory that is disabled, or of no bytes, is none, and need not say where. */
static void no_memory(void)
{
	struct board_range ram[MAX];

	start();
	add_cpu(0, 1);
	end_cpus();
	add_memory(2, 0, 1);
	tree_begin(&tree, "memory");
	tree_string(&tree, "device_type", "memory");
	tree_string(&tree, "status", "disabled");
	TREE_CELLS(&tree, "reg", 1, 0, 0, 0x1000);
	tree_end(&tree);
	CHECK(!finish() && devicetree_ram(&fdt, ram, MAX) == 0);
	free(blob);
}

static void distances(void)
{
	start();
	add_cpu(0, 0);
	end_cpus();
	begin_map();
	TREE_CELLS(&tree, "distance-matrix", 0, 0, 10, 0, 1, 21, 1, 2, 22, 2, 1, 23, 7, 0, 300);
	tree_end(&tree);
	CHECK(!finish());
	CHECK(devicetree_distance(&fdt, 0, 0) == 10 && devicetree_distance(&fdt, 2, 2) == 10);
	CHECK(devicetree_distance(&fdt, 0, 1) == 21 && devicetree_distance(&fdt, 1, 0) == 21);
	CHECK(devicetree_distance(&fdt, 1, 2) == 22 && devicetree_distance(&fdt, 2, 1) == 23);
	CHECK(devicetree_distance(&fdt, 0, 7) == 300);
	CHECK(devicetree_distance(&fdt, 0, 2) == BOARD_REMOTE);
	free(blob);
}

static void twice_listed(void)
{
	start();
	add_cpu(4, 1);
	add_cpu(4, 1);
	add_cpu(5, 1);
	add_cpu(5, 2);
	end_cpus();
	CHECK(!finish());
	CHECK(node_of(4) == 1 && node_of(5) == NO_NODE);
	free(blob);
}

static void some_without(void)
{
	start();
	add_cpu(0, 0);
	add_cpu(1, NO_NODE);
	end_cpus();
	CHECK(says("others have none"));
	start();
	add_cpu(0, 0);
	end_cpus();
	add_memory(2, 1, NO_NODE);
	CHECK(says("others have none"));
	start();
	add_cpu(0, NO_NODE);
	end_cpus();
	add_memory(2, 1, 0);
	CHECK(says("others have none"));
}

static void wrong_ids(void)
{
	for (size_t size = 0; size <= 8; size++) {
		const char *error;

		start();
		tree_begin(&tree, "cpu");
		tree_string(&tree, "device_type", "cpu");
		tree_cell(&tree, "reg", 0);
		tree_property(&tree, "numa-node-id", "\0\0\0\1\0\0\0\2", size);
		tree_end(&tree);
		end_cpus();
		error = finish();
		CHECK(size == 4 ? !error : error && strstr(error, "a CPU's numa-node-id"));
		free(blob);
	}
	start();
	end_cpus();
	tree_begin(&tree, "memory");
	tree_string(&tree, "device_type", "memory");
	TREE_CELLS(&tree, "numa-node-id", 1, 2);
	tree_end(&tree);
	CHECK(says("the numa-node-id of memory"));
}

/* Neither of RAM nor of what is reserved. */
static void of_no_bytes(void)
{
	struct board_range ranges[MAX];

	start();
	end_cpus();
	tree_begin(&tree, "memory");
	tree_string(&tree, "device_type", "memory");
	TREE_CELLS(&tree, "reg", 1, 0, 0, 0, 2, 0, 0, 0x1000);
	tree_end(&tree);
	begin_reserved(2);
	tree_property(&tree, "ranges", NULL, 0);
	tree_begin(&tree, "firmware");
	TREE_CELLS(&tree, "reg", 0, 0, 0, 0, 2, 0x100, 0, 0x200);
	tree_end(&tree);
	tree_end(&tree);
	CHECK(!finish());
	CHECK(devicetree_ram(&fdt, ranges, MAX) == 1);
	CHECK(is(&ranges[0], UINT64_C(2) << 32, 0x1000, 0));
	CHECK(devicetree_memory_end(&fdt, UINT64_C(2) << 32) == (UINT64_C(2) << 32) + 0x1000);
	CHECK(devicetree_taken(&fdt, ranges, MAX) == 2);
	CHECK(is(&ranges[1], (UINT64_C(2) << 32) + 0x100, 0x200, 0));
	free(blob);
}

/* Of SIZE bytes, an entry having 16. */
static void wrong_lists_of(size_t size)
{
	static const char reg[40];
	const char *error;

	start();
	end_cpus();
	tree_begin(&tree, "memory");
	tree_string(&tree, "device_type", "memory");
	tree_property(&tree, "reg", reg, size);
	tree_end(&tree);
	error = finish();
	CHECK(size % 16 ? error && strstr(error, "the reg of memory in the device tree") : !error);
	free(blob);
	start();
	end_cpus();
	begin_reserved(2);
	tree_property(&tree, "ranges", NULL, 0);
	tree_begin(&tree, "firmware");
	tree_property(&tree, "reg", reg, size);
	tree_end(&tree);
	tree_end(&tree);
	error = finish();
	CHECK(size % 16 ? error && strstr(error, "reserved memory in the device tree") : !error);
	free(blob);
}

static void wrong_lists(void)
{
	for (size_t size = 0; size <= 40; size++)
		wrong_lists_of(size);
}

/* In /reserved-memory, which maps what WITH says. */
static bool maps(void (*with)(void), uint32_t address)
{
	const char *error;

	start();
	end_cpus();
	with();
	tree_begin(&tree, "firmware");
	TREE_CELLS(&tree, "reg", 0, 0x1000, 0, 0, 0, address, 0, 0x1000);
	tree_end(&tree);
	tree_end(&tree);
	error = finish();
	free(blob);
	CHECK(!error || strstr(error, "reserved memory in the device tree"));
	return !error;
}

static void no_ranges(void)
{
	begin_reserved(2);
}

static void one_range(void)
{
	begin_reserved(2);
	TREE_CELLS(&tree, "ranges", 0, 0x8000, 0, 0x8000, 0, 0x2000);
}

static void three_cells(void)
{
	begin_reserved(3);
	tree_property(&tree, "ranges", NULL, 0);
}

static void not_mapped(void)
{
	CHECK(maps(one_range, 0x9000));
	CHECK(!maps(one_range, 0xa000));
	CHECK(!maps(no_ranges, 0x9000));
	CHECK(!maps(three_cells, 0x9000));
}

static void contradictory_distances(void)
{
	start();
	end_cpus();
	begin_map();
	TREE_CELLS(&tree, "distance-matrix", 0, 1, 20, 1, 0, 30, 0, 1, 20);
	tree_end(&tree);
	CHECK(!finish());
	free(blob);
	start();
	end_cpus();
	begin_map();
	TREE_CELLS(&tree, "distance-matrix", 0, 1, 20, 1, 0, 30, 0, 1, 40);
	tree_end(&tree);
	CHECK(says("two distances"));
}

static void wrong_distances(void)
{
	static const uint32_t triples[][3] = {{0, 0, 11}, {0, 1, 10}, {1, 0, 0}, {3, 3, 9}};

	for (size_t i = 0; i < sizeof(triples) / sizeof(triples[0]); i++) {
		start();
		end_cpus();
		begin_map();
		tree_cells(&tree, "distance-matrix", triples[i], 3);
		tree_end(&tree);
		CHECK(says("not 10 within a node"));
	}
	for (size_t size = 0; size <= 24; size++) {
		const char *error;

		start();
		end_cpus();
		begin_map();
		tree_property(&tree, "distance-matrix",
			      "\0\0\0\1\0\0\0\2\0\0\0\x14\0\0\0\1\0\0\0\3\0\0\0\x14", size);
		tree_end(&tree);
		error = finish();
		CHECK(size == 12 || size == 24 ? !error
					       : error && strstr(error, "not a list of triples"));
		free(blob);
	}
	start();
	end_cpus();
	begin_map();
	tree_end(&tree);
	CHECK(says("not a list of triples"));
}

static void beyond_the_end(void)
{
	for (uint32_t size = 0x1000; size < 0x1002; size++) {
		const char *error;

		start();
		end_cpus();
		tree_begin(&tree, "memory");
		tree_string(&tree, "device_type", "memory");
		TREE_CELLS(&tree, "reg", UINT32_MAX, 0xfffff000, 0, size);
		tree_end(&tree);
		error = finish();
		CHECK(size == 0x1000 ? !error : error && strstr(error, "beyond the last address"));
		free(blob);
	}
}

static void taken(void)
{
	struct board_range ranges[MAX];

	start();
	end_cpus();
	begin_reserved(2);
	tree_property(&tree, "ranges", NULL, 0);
	tree_begin(&tree, "firmware@80000000");
	TREE_CELLS(&tree, "reg", 0, 0x80000000, 0, 0x40000, 0, 0x80100000, 0, 0x1000);
	tree_end(&tree);
	tree_begin(&tree, "pool");
	TREE_CELLS(&tree, "size", 0, 0x100000);
	tree_end(&tree);
	tree_end(&tree);
	tree.reserved[0] = UINT64_C(0x123456000);
	tree.reserved[1] = 0x3000;
	CHECK(!finish());
	CHECK(devicetree_taken(&fdt, ranges, MAX) == 4 && devicetree_taken(&fdt, NULL, 0) == 4);
	CHECK(is(&ranges[0], (uintptr_t)blob, fdt.size, 0));
	CHECK(is(&ranges[1], UINT64_C(0x123456000), 0x3000, 0));
	CHECK(is(&ranges[2], 0x80000000, 0x40000, 0) && is(&ranges[3], 0x80100000, 0x1000, 0));
	free(blob);
}

/* Beside the tree, or without an end in it. */
static void lost_reservations(void)
{
	static const uint32_t offsets[] = {0, 39, 0x7ffffff0, UINT32_MAX};
	struct board_range range;

	for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		const char *error;

		start();
		end_cpus();
		(void)finish();
		tree_set_word((unsigned char *)blob + 16, offsets[i]);
		error = devicetree_check_nodes(&fdt);
		CHECK(error && strstr(error, "list of reserved memory"));
		CHECK(devicetree_taken(&fdt, &range, 1) == 1);
		free(blob);
	}
	start();
	end_cpus();
	(void)finish();
	for (size_t at = fdt.size - 32; at <= fdt.size; at++) {
		tree_set_word((unsigned char *)blob + 16, (uint32_t)at);
		(void)fdt_reservations(&fdt);
	}
	CHECK(fdt_reservations(&fdt) == SIZE_MAX);
	free(blob);
}

/* kernels/numa/kernel.mk: what QEMU was asked for. */
static void of_qemu(const char *name, uint64_t base, const uint64_t *sizes,
		    const uint32_t *cpu_nodes)
{
	static const uint32_t far[4][4] = {
		{10, 20, 35, 25}, {20, 10, 30, 15}, {35, 30, 10, 40}, {25, 15, 40, 10}};
	struct board_range ram[MAX];
	size_t count, right = 0;

	tree_load(&tree, name);
	open_tree();
	CHECK(!devicetree_check_nodes(&fdt));
	for (uint32_t cpu = 0; cpu < 8; cpu++)
		CHECK(node_of(cpu) == cpu_nodes[cpu]);
	count = devicetree_ram(&fdt, ram, MAX);
	CHECK(count == 3);
	for (uint32_t node = 0; node < 3; base += sizes[node++])
		for (size_t i = 0; i < count; i++)
			right += is(&ram[i], base, sizes[node], node);
	CHECK(right == 3);
	for (uint32_t from = 0; from < 4; from++)
		for (uint32_t to = 0; to < 4; to++)
			CHECK(devicetree_distance(&fdt, from, to) == far[from][to]);
	free(blob);
}

static void machines(void)
{
	static const uint64_t arm[] = {128 << 20, 1024 << 20, 64 << 20};
	static const uint64_t riscv[] = {128 << 20, 64 << 20, 64 << 20};

	of_qemu("aarch64-nodes.dtb", 0x40000000, arm, (uint32_t[]){0, 2, 3, 0, 2, 3, 2, 3});
	of_qemu("riscv64-nodes.dtb", 0x80000000, riscv, (uint32_t[]){0, 0, 1, 1, 2, 2, 3, 3});
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"a tree without numa-node-id has one node, 0, for all", nothing_told},
		{"CPUs and memory are in the node that they name", nodes},
		{"memory that is disabled or of no bytes is none", no_memory},
		{"a distance is that of its direction, or of the other, or 20", distances},
		{"a CPU that is listed in two nodes is in none", twice_listed},
		{"a tree in which only some say their node has a sentence", some_without},
		{"a numa-node-id that is not one cell has a sentence", wrong_ids},
		{"distances that cannot be, or are no triples, have a sentence", wrong_distances},
		{"two distances from one node to another have a sentence", contradictory_distances},
		{"memory that goes beyond the last address has a sentence", beyond_the_end},
		{"an entry of no bytes hides none behind it", of_no_bytes},
		{"a reg that is no list of addresses and sizes has a sentence", wrong_lists},
		{"reserved memory that no bus maps has a sentence", not_mapped},
		{"the tree, its header's list and /reserved-memory are in use", taken},
		{"a list of reserved memory that is not in the tree has a sentence",
		 lost_reservations},
		{"machines' trees are what QEMU was asked for", machines},
	};

	UNIT_RUN(tests);
}

/* SPDX-License-Identifier: MIT */
/*
 * boards/common/nodes.c: nodes, RAM and what is reserved, by made trees and by machines', as QEMU
 * gives them to kernels/numa. It fails if something is in another node than the tree says, if a
 * distance is another, or if something reserved is not listed.
 */
#include "common/nodes.h"

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
		{"an entry of no bytes hides none behind it", of_no_bytes},
		{"the tree, its header's list and /reserved-memory are in use", taken},
		{"machines' trees are what QEMU was asked for", machines},
	};

	UNIT_RUN(tests);
}

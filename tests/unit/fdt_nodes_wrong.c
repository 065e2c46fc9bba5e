/* SPDX-License-Identifier: MIT */
/*
 * boards/common/nodes.c on wrong trees: it fails if one has no sentence, or a right one beside it
 * has.
 */
#include "common/nodes.h"

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

void kernel_main(void)
{
	static const struct test tests[] = {
		{"a tree in which only some say their node has a sentence", some_without},
		{"a numa-node-id that is not one cell has a sentence", wrong_ids},
		{"distances that cannot be, or are no triples, have a sentence", wrong_distances},
		{"two distances from one node to another have a sentence", contradictory_distances},
		{"memory that goes beyond the last address has a sentence", beyond_the_end},
		{"a reg that is no list of addresses and sizes has a sentence", wrong_lists},
		{"reserved memory that no bus maps has a sentence", not_mapped},
		{"a list of reserved memory that is not in the tree has a sentence",
		 lost_reservations},
	};

	UNIT_RUN(tests);
}

/* SPDX-License-Identifier: MIT */
/*
 * boards/pc/slit.c: distances, by made tables, by damaged ones and by QEMU's. It fails if a
 * distance is another than the table says, or if a damaged table has no sentence.
 */
#include <boards/pc/pc.h>

#include "common/table.h"

enum { ENTRIES = 44 };

/* For so many nodes: 10 within a node, 20 to the others. */
static struct table new_table(size_t nodes)
{
	struct table table = table_new(ENTRIES + nodes * nodes);

	table_put(table.bytes + 36, nodes, 8);
	for (size_t i = 0; i < nodes * nodes; i++)
		table.bytes[ENTRIES + i] = i % (nodes + 1) ? 20 : 10;
	return table;
}

static bool says(const struct table *table, const char *why)
{
	void *exact = table_exact(table);
	const char *error = slit_check(exact);

	free(exact);
	return why ? error && strstr(error, why) : !error;
}

static uint32_t distance(const struct table *table, uint32_t from, uint32_t to)
{
	void *exact = table_exact(table);
	uint32_t far = slit_distance(exact, from, to);

	free(exact);
	return far;
}

static void directions(void)
{
	struct table table = new_table(3);

	table.bytes[ENTRIES + 2] = 25;	   /* 0 to 2 */
	table.bytes[ENTRIES + 3 * 2] = 30; /* 2 to 0 */
	table.bytes[ENTRIES + 3 + 2] = 255;
	CHECK(says(&table, NULL));
	CHECK(distance(&table, 0, 0) == BOARD_LOCAL && distance(&table, 0, 1) == 20);
	CHECK(distance(&table, 0, 2) == 25 && distance(&table, 2, 0) == 30);
	CHECK(distance(&table, 1, 2) == BOARD_UNREACHABLE && distance(&table, 2, 1) == 20);
}

static void unknown_nodes(void)
{
	struct table table = new_table(2);

	CHECK(distance(&table, 0, 2) == BOARD_REMOTE && distance(&table, 2, 0) == BOARD_REMOTE);
	CHECK(distance(&table, UINT32_MAX, 1) == BOARD_REMOTE);
	CHECK(distance(&table, 7, 7) == BOARD_LOCAL);
}

static void damaged(void)
{
	static const uint64_t counts[] = {3, 1025, UINT64_C(1) << 32, UINT64_MAX};
	struct table table = new_table(2);

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		table_put(table.bytes + 36, counts[i], 8);
		CHECK(says(&table, "shorter than its number of nodes"));
	}
	for (table = table_new(36); table.size < ENTRIES; table.size++) {
		table_put(table.bytes + 4, table.size, 4);
		CHECK(says(&table, "shorter than its number of nodes"));
	}
	table = new_table(2);
	table.bytes[ENTRIES + 1] = 9;
	CHECK(says(&table, "not 10 within a node"));
	table = new_table(2);
	table.bytes[ENTRIES + 3] = 11;
	CHECK(says(&table, "not 10 within a node"));
}

static void every_truncation(void)
{
	struct table table = new_table(4);

	while (--table.size >= 36) {
		table_put(table.bytes + 4, table.size, 4);
		CHECK(says(&table, "shorter than its number of nodes"));
	}
	table = new_table(0);
	CHECK(says(&table, NULL) && distance(&table, 0, 1) == BOARD_REMOTE);
}

static void of_qemu(void)
{
	static const uint32_t far[4][4] = {
		{10, 20, 35, 25}, {20, 10, 30, 15}, {35, 30, 10, 40}, {25, 15, 40, 10}};
	struct table table = table_load("slit/q35.bin");

	CHECK(says(&table, NULL));
	for (uint32_t from = 0; from < 4; from++)
		for (uint32_t to = 0; to < 4; to++)
			CHECK(distance(&table, from, to) == far[from][to]);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"a distance is that of its direction, and 255 is no way", directions},
		{"a node that the table does not have is as far as without a table", unknown_nodes},
		{"a number of nodes that does not fit, or a distance that cannot be, has a "
		 "sentence",
		 damaged},
		{"a table cut anywhere has a sentence; of no nodes, it says nothing",
		 every_truncation},
		{"QEMU's table is what its command line says", of_qemu},
	};

	UNIT_RUN(tests);
}

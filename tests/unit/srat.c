/* SPDX-License-Identifier: MIT */
/*
 * boards/pc/srat.c: which node CPUs and memory are in, by made tables, by damaged ones and by
 * QEMU's. It fails if one of these is in another node than the table says, if one counts that is
 * not enabled, or if a damaged table has no sentence.
 */
#include <boards/pc/pc.h>

#include "common/table.h"

#define GIB UINT64_C(0x40000000)

static struct table new_table(unsigned char revision)
{
	struct table table = table_new(48);

	table.bytes[8] = revision;
	return table;
}

static void add_apic(struct table *table, uint8_t id, uint32_t node, uint32_t flags)
{
	unsigned char entry[16] = {0, 16, (unsigned char)node, id};

	table_put(entry + 4, flags, 4);
	table_put(entry + 9, node >> 8, 3);
	table_add(table, entry, sizeof(entry));
}

static void add_x2apic(struct table *table, uint32_t id, uint32_t node, uint32_t flags)
{
	unsigned char entry[24] = {2, 24};

	table_put(entry + 4, node, 4);
	table_put(entry + 8, id, 4);
	table_put(entry + 12, flags, 4);
	table_add(table, entry, sizeof(entry));
}

static void add_memory(struct table *table, uint64_t start, uint64_t size, uint32_t node,
		       uint32_t flags)
{
	unsigned char entry[40] = {1, 40};

	table_put(entry + 2, node, 4);
	table_put(entry + 8, start, 8);
	table_put(entry + 16, size, 8);
	table_put(entry + 28, flags, 4);
	table_add(table, entry, sizeof(entry));
}

/* The sentence has WHY in it; or there is none, if that is NULL. */
static bool says(const struct table *table, const char *why)
{
	void *exact = table_exact(table);
	const char *error = srat_check(exact);

	free(exact);
	return why ? error && strstr(error, why) : !error;
}

/* The node of a CPU; UINT32_MAX if it is in none. */
static uint32_t node_of(const struct table *table, uint64_t id)
{
	void *exact = table_exact(table);
	uint32_t node = 77;
	bool found = srat_node_of(exact, id, &node);

	free(exact);
	return found ? node : UINT32_MAX;
}

static size_t memory_of(const struct table *table, struct board_range *ranges, size_t max)
{
	void *exact = table_exact(table);
	size_t count = srat_memory(exact, ranges, max);

	free(exact);
	return count;
}

static bool is(const struct board_range *range, uint64_t start, uint64_t size, uint32_t node)
{
	return range->start == start && range->size == size && range->node == node;
}

static void cpus_of_both_kinds(void)
{
	struct table table = new_table(3);

	add_apic(&table, 0, 0, 1);
	add_apic(&table, 6, 0x12345678, 1);
	add_x2apic(&table, 300, 0x9abcdef0, 1);
	add_x2apic(&table, 7, 2, 1);
	CHECK(says(&table, NULL));
	CHECK(node_of(&table, 0) == 0 && node_of(&table, 6) == 0x12345678);
	CHECK(node_of(&table, 300) == 0x9abcdef0 && node_of(&table, 7) == 2);
	CHECK(node_of(&table, 1) == UINT32_MAX && node_of(&table, 44) == UINT32_MAX);
}

static void revisions(void)
{
	for (unsigned char revision = 1; revision < 4; revision++) {
		struct table table = new_table(revision);
		struct board_range range;

		add_apic(&table, 1, 0x010203, 1);
		add_memory(&table, GIB, GIB, 0x040506, 1);
		add_x2apic(&table, 500, 0x070809, 1);
		CHECK(says(&table, NULL) && memory_of(&table, &range, 1) == 1);
		CHECK(node_of(&table, 1) == (revision == 1 ? 0x03 : 0x010203));
		CHECK(range.node == (revision == 1 ? 0x06 : 0x040506));
		CHECK(node_of(&table, 500) == 0x070809);
	}
}

static void not_enabled(void)
{
	struct table table = new_table(2);
	struct board_range ranges[2];

	add_apic(&table, 0, 3, 0);
	add_x2apic(&table, 1, 3, 2);
	add_memory(&table, 0, GIB, 3, 0);
	add_memory(&table, 0, GIB, 3, 2); /* a place for memory that may be added */
	add_memory(&table, GIB, 0, 3, 1);
	add_memory(&table, GIB, 1, 4, 3);
	CHECK(says(&table, NULL));
	CHECK(node_of(&table, 0) == UINT32_MAX && node_of(&table, 1) == UINT32_MAX);
	CHECK(memory_of(&table, ranges, 2) == 1 && is(&ranges[0], GIB, 1, 4));
}

static void in_two_nodes(void)
{
	struct table table = new_table(2);

	add_apic(&table, 5, 1, 1);
	add_x2apic(&table, 5, 1, 1);
	CHECK(node_of(&table, 5) == 1);
	add_apic(&table, 5, 2, 0);
	CHECK(node_of(&table, 5) == 1);
	add_apic(&table, 5, 2, 1);
	CHECK(node_of(&table, 5) == UINT32_MAX);
}

static void memory(void)
{
	struct table table = new_table(2);
	struct board_range ranges[3] = {{0, 0, 0}};

	add_memory(&table, 5 * GIB, 2 * GIB, 1, 1);
	add_memory(&table, 0, GIB, 0, 1);
	add_memory(&table, UINT64_MAX - GIB + 1, GIB, 2, 5);
	CHECK(says(&table, NULL));
	CHECK(memory_of(&table, ranges, 2) == 3);
	CHECK(is(&ranges[0], 5 * GIB, 2 * GIB, 1) && is(&ranges[1], 0, GIB, 0));
	CHECK(is(&ranges[2], 0, 0, 0));
	CHECK(memory_of(&table, ranges, 3) == 3 && ranges[2].node == 2);
	CHECK(memory_of(&table, NULL, 0) == 3);
}

static void damaged(void)
{
	static const unsigned char none[2] = {0, 0}, one[2] = {9, 1}, unknown[5] = {200, 5};
	struct table table = new_table(2), good = new_table(2);

	for (table.size = 36; table.size < 48; table.size++) {
		table_put(table.bytes + 4, table.size, 4);
		CHECK(says(&table, "before its first entry"));
	}
	table_add(&good, unknown, sizeof(unknown));
	add_apic(&good, 1, 1, 1);
	CHECK(says(&good, NULL) && node_of(&good, 1) == 1);
	table = good;
	table_add(&table, none, sizeof(none));
	CHECK(says(&table, "shorter than those of its kind"));
	table = good;
	table_add(&table, one, sizeof(one));
	CHECK(says(&table, "shorter than those of its kind"));
	table = good;
	add_memory(&table, UINT64_MAX - GIB + 2, GIB, 2, 1);
	CHECK(says(&table, "beyond the last address"));
}

/* Each kind with a byte less than it has. */
static void too_short(void)
{
	static const unsigned char sizes[] = {16, 40, 24};

	for (unsigned char kind = 0; kind < 3; kind++) {
		unsigned char entry[40] = {kind, (unsigned char)(sizes[kind] - 1)};
		struct table table = new_table(2);

		table_add(&table, entry, entry[1]);
		CHECK(says(&table, "shorter than those of its kind"));
		entry[1] = sizes[kind];
		table = new_table(2);
		table_add(&table, entry, entry[1]);
		CHECK(says(&table, NULL));
	}
}

static void every_truncation(void)
{
	struct table table = new_table(2);
	size_t ends[4], whole, known = 0;

	add_apic(&table, 1, 1, 1);
	ends[0] = table.size;
	add_x2apic(&table, 300, 1, 1);
	ends[1] = table.size;
	add_memory(&table, 0, GIB, 1, 1);
	whole = table.size;
	for (table.size = 49; table.size < whole; table.size++) {
		table_put(table.bytes + 4, table.size, 4);
		known = table.size == ends[0] || table.size == ends[1];
		CHECK(says(&table, known ? NULL : "goes beyond its end"));
	}
}

static void of_qemu(void)
{
	struct table table = table_load("srat/q35.bin");
	static const uint32_t nodes[8] = {0, 2, 3, 0, 2, 3, 2, 3};
	struct board_range ranges[8];

	CHECK(says(&table, NULL));
	for (uint32_t id = 0; id < 8; id++)
		CHECK(node_of(&table, id) == nodes[id]);
	CHECK(node_of(&table, 8) == UINT32_MAX);
	CHECK(memory_of(&table, ranges, 8) == 5);
	CHECK(is(&ranges[0], 0, 0xa0000, 0) && is(&ranges[1], 0x100000, 0x7f00000, 0));
	CHECK(is(&ranges[2], 0x8000000, 0x2000000, 1) && is(&ranges[3], 4 * GIB, 0x2000000, 1));
	CHECK(is(&ranges[4], 4 * GIB + 0x2000000, 0x4000000, 2));
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"CPUs are in the nodes of their entries, of type 0 and of type 2",
		 cpus_of_both_kinds},
		{"a node has one byte in revision 1, where the others are reserved, and then four",
		 revisions},
		{"what is not enabled does not count, nor does memory of no bytes", not_enabled},
		{"a CPU that is in two nodes is in none; twice in the same one, it is in that",
		 in_two_nodes},
		{"memory is listed with its node; what has no room is counted", memory},
		{"an entry of no length, or beyond the last address, has a sentence", damaged},
		{"an entry that is shorter than its kind has a sentence", too_short},
		{"a table cut anywhere but between entries has a sentence", every_truncation},
		{"QEMU's table is what its command line says", of_qemu},
	};

	UNIT_RUN(tests);
}

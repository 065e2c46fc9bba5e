/* SPDX-License-Identifier: MIT */
/*
 * boards/pc/nodes.c: RAM is what the loader's memory map and the SRAT both have, in pieces if need
 * be. It fails if a piece is lost, cut wrongly or in another node, if something in use is not
 * listed, or if bad tables pass for none.
 */
#include "common/machine.h"

#define INFORMATION 0x1000u
#define MAP 0x2000u
#define RSDP 0xf0010u
#define RSDT 0x100000u
#define SRAT 0x110000u
#define SLIT 0x120000u
#define KERNEL UINT64_C(0x1000000)
#define KERNEL_END UINT64_C(0x1200000)
#define GIB UINT64_C(0x40000000)

static size_t map_size, srat_size;

static void put_sum(uint64_t address, size_t size, size_t at)
{
	unsigned char total = 0;

	memory(address)[at] = 0;
	for (size_t i = 0; i < size; i++)
		total = (unsigned char)(total + memory(address)[i]);
	memory(address)[at] = (unsigned char)-total;
}

static void put_table(uint64_t address, const char *signature, uint32_t size)
{
	memcpy(memory(address), signature, 4);
	put32(address + 4, size);
	put_sum(address, size, 9);
}

/* An entry of the loader's map. */
static void map(uint64_t start, uint64_t size, uint32_t type)
{
	put32(MAP + map_size, 20);
	put64(MAP + map_size + 4, start);
	put64(MAP + map_size + 12, size);
	put32(MAP + map_size + 20, type);
	map_size += 24;
}

static void make(void)
{
	make_memory();
	map_size = 0;
	srat_size = 48;
	memory(SRAT)[8] = 2;
	memcpy(memory(RSDP), "RSD PTR ", 8);
	put32(RSDP + 16, RSDT);
	put_sum(RSDP, 20, 8);
}

static void add_cpu(uint8_t id, uint8_t node)
{
	memcpy(memory(SRAT + srat_size), (unsigned char[16]){0, 16, node, id, 1}, 16);
	srat_size += 16;
}

static void add_memory(uint64_t start, uint64_t size, uint32_t node)
{
	unsigned char *entry = memory(SRAT + srat_size);

	entry[0] = 1;
	entry[1] = 40;
	put32(SRAT + srat_size + 2, node);
	put64(SRAT + srat_size + 8, start);
	put64(SRAT + srat_size + 16, size);
	put32(SRAT + srat_size + 28, 1);
	srat_size += 40;
}

static void add_distances(void)
{
	put64(SLIT + 36, 2);
	memcpy(memory(SLIT + 44), (unsigned char[]){10, 33, 255, 10}, 4);
	put_table(SLIT, "SLIT", 48);
}

/* What is said of all that, with an SRAT and a SLIT or without. */
static const char *found(bool srat, bool slit)
{
	put32(INFORMATION, 1 << 6);
	put32(INFORMATION + 44, (uint32_t)map_size);
	put32(INFORMATION + 48, MAP);
	put_table(SRAT, "SRAT", (uint32_t)srat_size);
	put32(RSDT + 36, srat ? SRAT : SLIT);
	put32(RSDT + 40, SLIT);
	put_table(RSDT, "RSDT", 36 + (srat ? 4u : 0) + (slit ? 4u : 0));
	CHECK(!loader_init(0x2badb002, INFORMATION, KERNEL, KERNEL_END));
	return board_find_nodes();
}

static bool is(const struct board_range *range, uint64_t start, uint64_t end, uint32_t node)
{
	return range->start == start && range->size == end - start && range->node == node;
}

static void pieces(void)
{
	struct board_range ram[8];
	uint32_t node;

	make();
	map(0, 0x9fc00, 1);
	map(0x100000, 3 * GIB - 0x100000, 1);
	map(3 * GIB, GIB, 2);
	map(4 * GIB, 2 * GIB, 1);
	add_memory(0, GIB, 0);
	add_memory(GIB, 5 * GIB / 2, 7);
	add_memory(5 * GIB, 9 * GIB, 1);
	add_cpu(4, 7);
	CHECK(!found(true, false));
	CHECK(board_find_ram(ram, 8) == 4);
	CHECK(is(&ram[0], 0, 0x9fc00, 0) && is(&ram[1], 0x100000, GIB, 0));
	CHECK(is(&ram[2], GIB, 3 * GIB, 7) && is(&ram[3], 5 * GIB, 6 * GIB, 1));
	CHECK(board_find_ram(NULL, 0) == 4);
	CHECK(board_node_of(4, &node) && node == 7 && !board_node_of(5, &node));
	CHECK(board_distance(0, 0) == BOARD_LOCAL && board_distance(0, 7) == BOARD_REMOTE);
}

static void last_address(void)
{
	struct board_range ram[2];

	make();
	map(UINT64_MAX - GIB + 1, GIB, 1);
	map(0, 0, 1);
	add_memory(UINT64_MAX - 2 * GIB + 1, 2 * GIB, 3);
	CHECK(!found(true, false) && board_find_ram(ram, 2) == 1);
	CHECK(ram[0].start == UINT64_MAX - GIB + 1 && ram[0].size == GIB && ram[0].node == 3);
}

static void no_tables(void)
{
	struct board_range ram[2];
	uint32_t node = 5;

	make();
	map(0x100000, GIB, 1);
	CHECK(!found(false, false));
	CHECK(board_find_ram(ram, 2) == 1 && is(&ram[0], 0x100000, GIB + 0x100000, 0));
	CHECK(board_node_of(1234, &node) && node == 0);
	CHECK(board_distance(0, 0) == BOARD_LOCAL);
}

static void distances(void)
{
	make();
	map(0x100000, GIB, 1);
	add_distances();
	add_memory(0, GIB, 0);
	CHECK(!found(true, true));
	CHECK(board_distance(0, 1) == 33 && board_distance(1, 0) == BOARD_UNREACHABLE);
}

static void bad_tables(void)
{
	const char *error;

	make();
	map(0x100000, GIB, 1);
	add_distances();
	add_memory(0, GIB, 0);
	CHECK(!found(true, true));
	memory(SRAT)[50]++;
	error = board_find_nodes();
	CHECK(error && strstr(error, "the SRAT, which"));
	memory(SRAT)[50]--;
	memory(SLIT)[44]++;
	error = board_find_nodes();
	CHECK(error && strstr(error, "the SLIT, which"));
	memory(SLIT)[44]--;
	memory(SRAT)[49]++; /* the entry's length */
	error = found(true, true);
	CHECK(error && strstr(error, "goes beyond its end"));
	memory(SRAT)[49]--;
	memory(SLIT)[44] = 11;
	put_table(SLIT, "SLIT", 48);
	error = found(true, true);
	CHECK(error && strstr(error, "not 10 within a node"));
}

static void taken(void)
{
	struct board_range ranges[8];

	make();
	map(0x100000, GIB, 1);
	map(2 * GIB, 4096, 3);
	map(3 * GIB, 4096, 9);
	CHECK(!found(false, false) && board_find_taken(ranges, 8) == 4);
	CHECK(is(&ranges[0], 0, 0x100000, 0) && is(&ranges[1], KERNEL, KERNEL_END, 0));
	CHECK(is(&ranges[2], 2 * GIB, 2 * GIB + 4096, 0));
	CHECK(is(&ranges[3], 3 * GIB, 3 * GIB + 4096, 0));
	CHECK(board_find_taken(ranges, 1) == 4);
}

static void too_many(void)
{
	const char *error;

	make();
	for (uint64_t i = 0; i < LOADER_RANGES; i++)
		map((i + 1) * GIB, GIB, 1);
	CHECK(!found(false, false) && board_find_ram(NULL, 0) == LOADER_RANGES);
	map(0, GIB, 1);
	error = found(false, false);
	CHECK(error && strstr(error, "more entries than are kept"));
	map_size = 0;
	for (uint64_t i = 0; i < 257; i++)
		add_memory(i * GIB, GIB, 0);
	error = found(true, false);
	CHECK(error && strstr(error, "more ranges of memory than there is room for"));
}

static void nothing_listed(void)
{
	const char *error;

	make();
	error = found(false, false);
	CHECK(error && strstr(error, "no memory map"));
	map(0x100000, GIB, 1);
	add_cpu(0, 0);
	add_memory(0, 0, 0);
	error = found(true, false);
	CHECK(error && strstr(error, "the SRAT says of no memory"));
	add_memory(0, GIB, 0);
	CHECK(!found(true, false));
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"RAM is what the map has as available, cut to the SRAT's ranges", pieces},
		{"a range may end with the last address, and one of no bytes is none",
		 last_address},
		{"without an SRAT all is in node 0, which is the map's", no_tables},
		{"distances are the SLIT's, if there is one", distances},
		{"a table that is there but bad has a sentence, and is not taken for missing",
		 bad_tables},
		{"the first MiB, the kernel and all that is not available is in use", taken},
		{"a map or SRAT with more entries than are kept has a sentence", too_many},
		{"a map without entries, or an SRAT without memory, has a sentence",
		 nothing_listed},
	};

	UNIT_RUN(tests);
}

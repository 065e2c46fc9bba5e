/* SPDX-License-Identifier: MIT */
/*
 * boards/pc/madt.c on constructed tables: CPUs of types 0 and 9, the address override of type 5,
 * and tables that lie about their size. QEMU's TCG makes no entry of type 9, so nothing else tests
 * it. Each table is in memory of its exact size: reading past it is an error of the address
 * sanitizer.
 */
#include <boards/pc/pc.h>
#include <stdlib.h>
#include <string.h>

#include "common/unit.h"

struct table {
	size_t size;
	unsigned char bytes[512];
};

static void put32(unsigned char *at, uint32_t value)
{
	for (size_t i = 0; i < 4; i++)
		at[i] = (unsigned char)(value >> (8 * i));
}

static void add(struct table *table, const void *entry, size_t size)
{
	memcpy(table->bytes + table->size, entry, size);
	table->size += size;
	put32(table->bytes + 4, (uint32_t)table->size);
}

static struct table new_table(uint32_t lapic_address)
{
	struct table table = {.size = 44, .bytes = "APIC"};

	put32(table.bytes + 4, 44);
	put32(table.bytes + 36, lapic_address);
	return table;
}

static void add_apic(struct table *table, uint8_t id, uint32_t flags)
{
	unsigned char entry[8] = {0, 8, 0, id};

	put32(entry + 4, flags);
	add(table, entry, sizeof(entry));
}

static void add_x2apic(struct table *table, uint32_t id, uint32_t flags)
{
	unsigned char entry[16] = {9, 16};

	put32(entry + 4, id);
	put32(entry + 8, flags);
	add(table, entry, sizeof(entry));
}

/* What the parser makes of the table; up to MAX ids. */
static size_t cpus_of(const struct table *table, uint64_t *ids, size_t max)
{
	void *exact = malloc(table->size);
	size_t count;

	memcpy(exact, table->bytes, table->size);
	count = madt_cpus(exact, ids, max);
	free(exact);
	return count;
}

static void sparse_ids(void)
{
	static const uint8_t listed[] = {0, 1, 2, 4, 5, 6};
	struct table table = new_table(0xfee00000);
	uint64_t ids[8];

	for (size_t i = 0; i < sizeof(listed); i++)
		add_apic(&table, listed[i], 1);
	CHECK(cpus_of(&table, ids, 8) == 6);
	for (size_t i = 0; i < sizeof(listed); i++)
		CHECK(ids[i] == listed[i]);
}

static void high_ids(void)
{
	struct table table = new_table(0xfee00000);
	uint64_t ids[8];

	add_x2apic(&table, 300, 1);
	add_apic(&table, 7, 1);
	add_x2apic(&table, 0x12345678, 1);
	CHECK(cpus_of(&table, ids, 8) == 3);
	CHECK(ids[0] == 300 && ids[1] == 7 && ids[2] == 0x12345678);
}

static void twice_listed(void)
{
	struct table table = new_table(0xfee00000);
	uint64_t ids[8];

	add_apic(&table, 1, 1);
	add_x2apic(&table, 1, 1);
	add_apic(&table, 2, 1);
	add_apic(&table, 2, 1);
	CHECK(cpus_of(&table, ids, 8) == 4);
	CHECK(ids[0] == 1 && ids[1] == 1 && ids[2] == 2 && ids[3] == 2);
}

static void out_of_use(void)
{
	struct table table = new_table(0xfee00000);
	uint64_t ids[8];

	add_apic(&table, 1, 0);
	add_apic(&table, 2, 2); /* can be put online, but is not */
	add_apic(&table, 255, 1);
	add_x2apic(&table, UINT32_MAX, 1);
	add_x2apic(&table, 400, 0);
	add_apic(&table, 3, 3);
	CHECK(cpus_of(&table, ids, 8) == 1 && ids[0] == 3);
}

static void more_than_max(void)
{
	struct table table = new_table(0xfee00000);
	uint64_t ids[3] = {77, 77, 77};

	for (uint8_t id = 0; id < 5; id++)
		add_apic(&table, id, 1);
	CHECK(cpus_of(&table, ids, 2) == 5);
	CHECK(ids[1] == 1 && ids[2] == 77);
}

static void lapic_address(void)
{
	static const unsigned char high[12] = {5, 12, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0};
	struct table table = new_table(0xfee00000);

	CHECK(madt_lapic_address(table.bytes) == 0xfee00000);
	add_apic(&table, 0, 1);
	add(&table, high, sizeof(high));
	CHECK(madt_lapic_address(table.bytes) == 0x100000000);
}

static void unknown_entries(void)
{
	static const unsigned char io_apic[12] = {1, 12}, unknown[5] = {200, 5};
	struct table table = new_table(0xfee00000);
	uint64_t ids[8];

	add(&table, io_apic, sizeof(io_apic));
	add(&table, unknown, sizeof(unknown));
	add_apic(&table, 9, 1);
	CHECK(cpus_of(&table, ids, 8) == 1 && ids[0] == 9);
}

static void wrong_lengths(void)
{
	static const unsigned char none[2] = {0, 0}, short_apic[4] = {0, 4, 0, 6};
	struct table table = new_table(0xfee00000);
	uint64_t ids[8];

	add(&table, short_apic, sizeof(short_apic));
	add_apic(&table, 1, 1);
	add(&table, none, sizeof(none));
	add_apic(&table, 2, 1);
	CHECK(cpus_of(&table, ids, 8) == 1 && ids[0] == 1);
}

static void io_apics(void)
{
	static const unsigned char first[12] = {1, 12, 0, 0, 0x00, 0x00, 0xc0, 0xfe};
	static const unsigned char second[12] = {1, 12, 1, 0, 0x00, 0x10, 0xc0, 0xfe};
	static const unsigned char too_short[8] = {1, 8, 1, 0, 0x00, 0x20, 0xc0, 0xfe};
	static const unsigned char nowhere[12] = {1, 12};
	struct table table = new_table(0xfee00000);
	uint64_t addresses[2] = {0, 0};

	add(&table, first, sizeof(first));
	add_apic(&table, 1, 1);
	add(&table, too_short, sizeof(too_short));
	add(&table, nowhere, sizeof(nowhere));
	add(&table, second, sizeof(second));
	CHECK(madt_io_apics(table.bytes, addresses, 1) == 2);
	CHECK(addresses[0] == 0xfec00000 && addresses[1] == 0);
	CHECK(madt_io_apics(table.bytes, addresses, 2) == 2 && addresses[1] == 0xfec01000);
}

static void every_truncation(void)
{
	struct table table = new_table(0xfee00000);
	size_t whole;
	uint64_t ids[8];

	add_apic(&table, 1, 1);
	add_x2apic(&table, 300, 1);
	add_apic(&table, 2, 1);
	whole = table.size;
	for (table.size = 44; table.size < whole; table.size++) {
		put32(table.bytes + 4, (uint32_t)table.size);
		CHECK(cpus_of(&table, ids, 8) < 3);
	}
}

/* What every table has is 36 bytes; a MADT has 8 more before its entries. */
static void only_a_header(void)
{
	struct table table = new_table(0x12345678);
	uint64_t ids[8];

	for (table.size = 36; table.size < 44; table.size++) {
		unsigned char *exact = malloc(table.size);

		put32(table.bytes + 4, (uint32_t)table.size);
		memcpy(exact, table.bytes, table.size);
		CHECK(madt_lapic_address(exact) == 0xfee00000);
		free(exact);
		CHECK(cpus_of(&table, ids, 8) == 0);
	}
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"C14 sparse APIC ids are listed as they are", sparse_ids},
		{"C14 ids of 255 and more come from entries of type 9", high_ids},
		{"a CPU that is listed twice is found twice: cpus_find sees to it", twice_listed},
		{"CPUs that are out of use, and broadcast ids, do not count", out_of_use},
		{"more CPUs than there is room for are counted, not stored", more_than_max},
		{"C14 the local APIC's address comes from type 5 where there is one",
		 lapic_address},
		{"entries of other types are passed over", unknown_entries},
		{"an entry of length 0 ends the list, a short one is passed over", wrong_lengths},
		{"C54 I/O APICs are found where they say, and no entry that is too short",
		 io_apics},
		{"a table cut anywhere is read up to its end and no further", every_truncation},
		{"a table that ends in its fixed part has no CPUs, its APIC is where a reset puts "
		 "it",
		 only_a_header},
	};

	UNIT_RUN(tests);
}

/* SPDX-License-Identifier: MIT */
/*
 * Fed: what is where in the memory of a machine of 4 GiB: the word at 0x40e, and up to PIECES times
 * an address, a size and the bytes that lie there. Where they look like a table its checksum is put
 * right, or hardly an input would get past it. The machine's memory begins at PC_MEMORY here. Must
 * hold: nothing is read that is not memory; what is found lies there whole, has the signature and a
 * right checksum; every walk ends.
 */
#include "memory.h"

#define MAX_TABLE 0x100000u

enum { OLD_RSDP_SIZE = 20, RSDP_SUM = 8, TABLE_SIZE = 36, TABLE_SUM = 9 };

static unsigned char sum(const unsigned char *p, size_t size)
{
	unsigned char total = 0;

	while (size--)
		total = (unsigned char)(total + *p++);
	return total;
}

static void put_sum_right(uint32_t address, size_t size)
{
	unsigned char *p = MEMORY + address;
	size_t length;

	if (size >= OLD_RSDP_SIZE && !memcmp(p, "RSD PTR ", 8)) {
		p[RSDP_SUM] = (unsigned char)(p[RSDP_SUM] - sum(p, OLD_RSDP_SIZE));
	} else if (size >= TABLE_SIZE) {
		length = le32(p + 4);
		if (length <= MAX_TABLE && length <= MEMORY_SIZE - (uint64_t)address)
			p[TABLE_SUM] = (unsigned char)(p[TABLE_SUM] - sum(p, length));
	}
}

static void find(const unsigned char *rsdp, const char *signature)
{
	const void *at;
	const char *error = acpi_find(rsdp, signature, &at);
	const unsigned char *table = at;
	size_t offset = (size_t)(table - MEMORY);

	HOLDS(!error == !!table);
	if (!table)
		return;
	HOLDS(offset && offset <= MEMORY_SIZE - TABLE_SIZE && !memcmp(table, signature, 4));
	HOLDS(le32(table + 4) >= TABLE_SIZE && le32(table + 4) <= MEMORY_SIZE - offset);
	HOLDS(!sum(table, le32(table + 4)));
}

static int fuzz_input(const uint8_t *data, size_t size)
{
	struct piece pieces[PIECES];
	unsigned char *rsdp;
	size_t count;

	if (size < 2)
		return -1;
	memcpy(MEMORY + 0x40e, data, 2);
	count = memory_place_all(pieces, data + 2, size - 2);
	for (size_t i = 0; i < count; i++)
		put_sum_right(pieces[i].address, pieces[i].size);
	find(NULL, "APIC");
	find(NULL, "HPET");
	if (count && pieces[0].address <= MEMORY_SIZE - RSDP_SIZE) {
		rsdp = fuzz_exact(MEMORY + pieces[0].address, RSDP_SIZE);
		find(rsdp, "APIC");
		free(rsdp);
	}
	memory_clear();
	return 0;
}

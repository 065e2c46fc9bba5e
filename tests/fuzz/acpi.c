/* SPDX-License-Identifier: MIT */
/*
 * Fed: what is where in the memory of a machine of 4 GiB: the word at 0x40e, and up to PIECES times
 * an address, a size and the bytes that lie there. Where they look like a table its checksum is put
 * right, or hardly an input would get past it. The machine's memory begins at PC_MEMORY here. Must
 * hold: nothing is read that is not memory; what is found lies there whole, has the signature and a
 * right checksum; every walk ends.
 */
#include <boards/pc/pc.h>

#include <sys/mman.h>

#include "fuzz.h"

#define MEMORY ((unsigned char *)PC_MEMORY)
#define SIZE 0x100000000u
#define GUARD 0x1000000u /* behind the memory: whoever reads it crashes */
#define MAX_TABLE 0x100000u

enum { PIECES = 8, PIECE_HEADER = 6, RSDP_SIZE = 20, RSDP_SUM = 8, TABLE_SIZE = 36, TABLE_SUM = 9 };

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;

	(void)argc, (void)argv;
	HOLDS(mmap(MEMORY, SIZE + (size_t)GUARD, PROT_NONE, flags, -1, 0) == MEMORY);
	HOLDS(!mprotect(MEMORY, SIZE, PROT_READ | PROT_WRITE));
	return 0;
}

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

	if (size >= RSDP_SIZE && !memcmp(p, "RSD PTR ", 8)) {
		p[RSDP_SUM] = (unsigned char)(p[RSDP_SUM] - sum(p, RSDP_SIZE));
	} else if (size >= TABLE_SIZE) {
		length = le32(p + 4);
		if (length <= MAX_TABLE && length <= SIZE - (uint64_t)address)
			p[TABLE_SUM] = (unsigned char)(p[TABLE_SUM] - sum(p, length));
	}
}

struct piece {
	uint32_t address;
	size_t size;
};

/* Puts a piece into memory; returns what DATA and its SIZE are behind it. */
static size_t place(struct piece *piece, const uint8_t *data, size_t size)
{
	size_t bytes = (size_t)(data[4] | data[5] << 8);

	piece->address = le32(data);
	if (bytes > size - PIECE_HEADER)
		bytes = size - PIECE_HEADER;
	piece->size = bytes < SIZE - (uint64_t)piece->address ? bytes : SIZE - piece->address;
	memcpy(MEMORY + piece->address, data + PIECE_HEADER, piece->size);
	return PIECE_HEADER + bytes;
}

static void find(const char *signature)
{
	const unsigned char *table = acpi_table(signature);
	size_t offset = (size_t)(table - MEMORY);

	if (!table)
		return;
	HOLDS(offset && offset <= SIZE - TABLE_SIZE && !memcmp(table, signature, 4));
	HOLDS(le32(table + 4) >= TABLE_SIZE && le32(table + 4) <= SIZE - offset);
	HOLDS(!sum(table, le32(table + 4)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct piece pieces[PIECES];
	size_t count = 0;

	if (size < 2)
		return -1;
	memcpy(MEMORY + 0x40e, data, 2);
	for (size_t at = 2; count < PIECES && size - at >= PIECE_HEADER; count++)
		at += place(&pieces[count], data + at, size - at);
	for (size_t i = 0; i < count; i++)
		put_sum_right(pieces[i].address, pieces[i].size);
	find("APIC");
	find("HPET");
	/* Fresh pages, all zero, for the next input. */
	(void)madvise(MEMORY, SIZE, MADV_DONTNEED);
	return 0;
}

/* SPDX-License-Identifier: 0BSD */
/*
 * Finding an ACPI table on a machine with a BIOS (ACPI specification 6.4, 5.2.5): the root system
 * description pointer is in the first KiB of the extended BIOS data area or between 0xe0000 and
 * 0xfffff, and leads to a list of tables.
 */
#include "pc.h"

#include <stdbool.h>

/* The kernel maps the first 4 GiB; no table is larger than this. */
#define MAPPED 0x100000000u
#define MAX_TABLE 0x100000u

/* Where the machine's address 0 is: on the host, tests have memory of their own for it. */
#ifndef PC_MEMORY
#define PC_MEMORY 0
#endif

enum { HEADER_SIZE = 36 };

static const unsigned char *at(uint64_t address)
{
	const unsigned char *p;

	/* Hidden from the compiler, which takes low addresses for NULL dereferences. */
	__asm__("" : "=r"(p) : "0"(PC_MEMORY + address));
	return p;
}

static bool same(const unsigned char *p, const char *text)
{
	while (*text)
		if (*p++ != (unsigned char)*text++)
			return false;
	return true;
}

static bool sum_is_zero(const unsigned char *p, size_t size)
{
	unsigned sum = 0;

	while (size--)
		sum += *p++;
	return sum % 256 == 0;
}

static const unsigned char *find_rsdp(uint64_t from, uint64_t to)
{
	for (; from < to; from += 16)
		if (same(at(from), "RSD PTR ") && sum_is_zero(at(from), 20))
			return at(from);
	return NULL;
}

/* The table at ADDRESS if it is mapped, has this signature and is whole. */
static const unsigned char *table_at(uint64_t address, const char *signature)
{
	const unsigned char *table = at(address);
	size_t length;

	if (!address || address > MAPPED - HEADER_SIZE || !same(table, signature))
		return NULL;
	length = le32(table + 4);
	if (length < HEADER_SIZE || length > MAX_TABLE || address > MAPPED - length ||
	    !sum_is_zero(table, length))
		return NULL;
	return table;
}

/* ROOT lists the addresses of the other tables, in WIDTH bytes each. */
static const void *table_in(const unsigned char *root, size_t width, const char *signature)
{
	size_t length = le32(root + 4);

	for (size_t i = HEADER_SIZE; i + width <= length; i += width) {
		uint64_t address = le32(root + i);
		const void *table;

		if (width == 8)
			address |= (uint64_t)le32(root + i + 4) << 32;
		table = table_at(address, signature);
		if (table)
			return table;
	}
	return NULL;
}

const void *acpi_table(const char *signature)
{
	/* The BIOS data area has the segment of the extended one at 0x40e. */
	uint64_t ebda = (uint64_t)(at(0x40e)[0] | at(0x40e)[1] << 8) << 4;
	const unsigned char *rsdp = ebda ? find_rsdp(ebda, ebda + 1024) : NULL, *root = NULL;
	size_t width = 8;

	if (!rsdp)
		rsdp = find_rsdp(0xe0000, 0x100000);
	if (!rsdp)
		return NULL;
	/* From revision 2 on there is an XSDT, with 64-bit addresses. */
	if (rsdp[15] >= 2)
		root = table_at(le32(rsdp + 24) | (uint64_t)le32(rsdp + 28) << 32, "XSDT");
	if (!root) {
		root = table_at(le32(rsdp + 16), "RSDT");
		width = 4;
	}
	return root ? table_in(root, width, signature) : NULL;
}

/* SPDX-License-Identifier: 0BSD */
/*
 * Finding an ACPI table (ACPI specification 6.4, 5.2.5): the root system description pointer leads
 * to a list of tables. The boot loader passes it on, which is the only way with UEFI firmware; a
 * BIOS has it in the first KiB of the extended BIOS data area or between 0xe0000 and 0xfffff.
 */
#include "pc.h"

/* No table is larger than this. */
#define MAX_TABLE 0x100000u

enum { HEADER_SIZE = 36 };

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

static bool is_rsdp(const unsigned char *p)
{
	return same(p, "RSD PTR ") && sum_is_zero(p, 20);
}

static const unsigned char *find_rsdp(uint64_t from, uint64_t to)
{
	for (; from < to; from += 16)
		if (is_rsdp(pc_at(from)))
			return pc_at(from);
	return NULL;
}

/* Whether a table with this signature begins at ADDRESS, and its header is mapped. */
static bool begins_at(uint64_t address, const char *signature)
{
	return address && address <= PC_MAPPED - HEADER_SIZE && same(pc_at(address), signature);
}

/* The table at ADDRESS if it has this signature and is whole. */
static const unsigned char *table_at(uint64_t address, const char *signature)
{
	const unsigned char *table = pc_at(address);
	size_t length;

	if (!begins_at(address, signature))
		return NULL;
	length = le32(table + 4);
	if (length < HEADER_SIZE || length > MAX_TABLE || address > PC_MAPPED - length ||
	    !sum_is_zero(table, length))
		return NULL;
	return table;
}

/*
 * ROOT lists the addresses of the other tables, in WIDTH bytes each. The first with the signature
 * is it, whole or not: to add up each of the thousands that a broken list may have takes minutes.
 */
static const void *table_in(const unsigned char *root, size_t width, const char *signature)
{
	size_t length = le32(root + 4);

	for (size_t i = HEADER_SIZE; i + width <= length; i += width) {
		uint64_t address = width == 8 ? le64(root + i) : le32(root + i);

		if (begins_at(address, signature))
			return table_at(address, signature);
	}
	return NULL;
}

/* The BIOS data area has the segment of the extended one at 0x40e. */
static const unsigned char *find_bios_rsdp(void)
{
	uint64_t ebda = (uint64_t)(pc_at(0x40e)[0] | pc_at(0x40e)[1] << 8) << 4;
	const unsigned char *rsdp = ebda ? find_rsdp(ebda, ebda + 1024) : NULL;

	return rsdp ? rsdp : find_rsdp(0xe0000, 0x100000);
}

const void *acpi_table(const unsigned char *rsdp, const char *signature)
{
	const unsigned char *root = NULL;
	size_t width = 8;

	if (!rsdp)
		rsdp = find_bios_rsdp();
	if (!rsdp || !is_rsdp(rsdp))
		return NULL;
	/* From revision 2 on there is an XSDT, with 64-bit addresses. */
	if (rsdp[15] >= 2)
		root = table_at(le64(rsdp + 24), "XSDT");
	if (!root) {
		root = table_at(le32(rsdp + 16), "RSDT");
		width = 4;
	}
	return root ? table_in(root, width, signature) : NULL;
}

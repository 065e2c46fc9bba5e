/* SPDX-License-Identifier: 0BSD */
/*
 * Finding an ACPI table (ACPI specification 6.4, 5.2.5): the root system description pointer leads
 * to a list of tables. The boot loader passes it on, which is the only way with UEFI firmware; a
 * BIOS has it in the first KiB of the extended BIOS data area or between 0xe0000 and 0xfffff.
 */
#include "pc.h"

const char acpi_has_none[] = "there are tables, but none of these is it: turn it on in the "
			     "firmware's settings";

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

static bool is_unmapped(uint64_t address)
{
	return address > PC_MAPPED - HEADER_SIZE;
}

/* Whether a table with this signature begins at ADDRESS, and its header is mapped. */
static bool begins_at(uint64_t address, const char *signature)
{
	return address && !is_unmapped(address) && same(pc_at(address), signature);
}

/* Whether the table that begins at ADDRESS is all there. */
static bool is_whole(uint64_t address)
{
	const unsigned char *table = pc_at(address);
	size_t length = le32(table + 4);

	return length >= HEADER_SIZE && length <= MAX_TABLE && address <= PC_MAPPED - length &&
	       sum_is_zero(table, length);
}

/*
 * ROOT lists the addresses of the other tables, in WIDTH bytes each. The first with the signature
 * is it, whole or not: to add up each of the thousands that a broken list may have takes minutes.
 * UNMAPPED says that there are tables which cannot be read.
 */
static const char *find_in(const unsigned char *root, size_t width, const char *signature,
			   bool unmapped, const void **table)
{
	size_t length = le32(root + 4);

	for (size_t i = HEADER_SIZE; i + width <= length; i += width) {
		uint64_t address = width == 8 ? le64(root + i) : le32(root + i);

		unmapped |= is_unmapped(address);
		if (!begins_at(address, signature))
			continue;
		if (!is_whole(address))
			return "its length cannot be right, or its checksum is wrong: it needs "
			       "other firmware";
		*table = pc_at(address);
		return NULL;
	}
	if (unmapped)
		return "some tables, which may have it among them, lie above 4 GiB, where this "
		       "kernel maps nothing: map more in boot.S";
	return acpi_has_none;
}

/* The BIOS data area has the segment of the extended one at 0x40e. */
static const unsigned char *find_bios_rsdp(void)
{
	uint64_t ebda = (uint64_t)(pc_at(0x40e)[0] | pc_at(0x40e)[1] << 8) << 4;
	const unsigned char *rsdp = ebda ? find_rsdp(ebda, ebda + 1024) : NULL;

	return rsdp ? rsdp : find_rsdp(0xe0000, 0x100000);
}

/* From revision 2 on there is an XSDT, with 64-bit addresses. */
static uint64_t xsdt_of(const unsigned char *rsdp)
{
	return rsdp[15] >= 2 ? le64(rsdp + 24) : 0;
}

/* Sets *WIDTH too. */
static const char *find_root(const unsigned char *rsdp, const unsigned char **root, size_t *width)
{
	uint64_t xsdt = xsdt_of(rsdp), rsdt = le32(rsdp + 16);

	*width = begins_at(xsdt, "XSDT") && is_whole(xsdt) ? 8 : 4;
	*root = pc_at(*width == 8 ? xsdt : rsdt);
	if (*width == 8 || (begins_at(rsdt, "RSDT") && is_whole(rsdt)))
		return NULL;
	if (is_unmapped(xsdt) || is_unmapped(rsdt))
		return "the list of tables, the XSDT, lies above 4 GiB, where this kernel maps "
		       "nothing: map more in boot.S";
	return "the list of tables, XSDT or RSDT, is not where the root pointer says, or its "
	       "checksum is wrong: it needs other firmware";
}

const char *acpi_find(const unsigned char *rsdp, const char *signature, const void **table)
{
	const unsigned char *root;
	const char *error;
	size_t width;

	*table = NULL;
	if (rsdp && !is_rsdp(rsdp))
		return "the root pointer, RSDP, that the boot loader passes is none: use another "
		       "loader";
	if (!rsdp)
		rsdp = find_bios_rsdp();
	if (!rsdp)
		return "no root pointer, RSDP, is where a BIOS leaves it: turn ACPI on (QEMU: "
		       "-machine acpi=on); with UEFI firmware, boot by multiboot 2";
	error = find_root(rsdp, &root, &width);
	return error ? error : find_in(root, width, signature, is_unmapped(xsdt_of(rsdp)), table);
}

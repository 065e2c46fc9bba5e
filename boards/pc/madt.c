/* SPDX-License-Identifier: 0BSD */
/*
 * The Multiple APIC Description Table (ACPI specification 6.4, 5.2.12): which CPUs there are.
 * A CPU is in an entry of type 0, or of type 9 if its APIC id is 255 or more; firmware may list one
 * in both, and then it is found twice. Nothing outside the table's length is read.
 */
#include "pc.h"

#include <stdbool.h>

enum {
	TABLE_LENGTH = 4,
	TABLE_LAPIC_ADDRESS = 36,
	TABLE_ENTRIES = 44,
	LOCAL_APIC = 0,
	LOCAL_APIC_SIZE = 8,
	IO_APIC = 1,
	IO_APIC_SIZE = 12,
	LOCAL_APIC_ADDRESS_OVERRIDE = 5,
	LOCAL_APIC_ADDRESS_OVERRIDE_SIZE = 12,
	LOCAL_X2APIC = 9,
	LOCAL_X2APIC_SIZE = 16,
	FLAG_ENABLED = 1
};

/* Where the local APIC's registers are after a reset (Intel SDM, "Local APIC Status and Location").
 */
#define LAPIC_DEFAULT 0xfee00000u

/* The entry after ENTRY, or the first if that is NULL; NULL behind the last. */
static const unsigned char *next_entry(const unsigned char *madt, const unsigned char *entry)
{
	const unsigned char *end = madt + le32(madt + TABLE_LENGTH);
	const unsigned char *next = entry ? entry + entry[1] : madt + TABLE_ENTRIES;

	/* An entry of less than its own header would be followed by itself. */
	if (next > end || end - next < 2 || next[1] < 2 || next[1] > end - next)
		return NULL;
	return next;
}

/* Whether ENTRY is a CPU that is in use; its id. */
static bool is_cpu(const unsigned char *entry, uint64_t *id)
{
	if (entry[0] == LOCAL_APIC && entry[1] >= LOCAL_APIC_SIZE) {
		*id = entry[3];
		return le32(entry + 4) & FLAG_ENABLED && *id != 255;
	}
	if (entry[0] == LOCAL_X2APIC && entry[1] >= LOCAL_X2APIC_SIZE) {
		*id = le32(entry + 4);
		return le32(entry + 8) & FLAG_ENABLED && *id != UINT32_MAX;
	}
	return false;
}

size_t madt_cpus(const void *table, uint64_t *apic_ids, size_t max)
{
	const unsigned char *madt = table;
	size_t count = 0;
	uint64_t id;

	for (const unsigned char *e = next_entry(madt, NULL); e; e = next_entry(madt, e)) {
		if (!is_cpu(e, &id))
			continue;
		if (count < max)
			apic_ids[count] = id;
		count++;
	}
	return count;
}

size_t madt_io_apics(const void *table, uint64_t *addresses, size_t max)
{
	const unsigned char *madt = table;
	size_t count = 0;

	for (const unsigned char *e = next_entry(madt, NULL); e; e = next_entry(madt, e)) {
		if (e[0] != IO_APIC || e[1] < IO_APIC_SIZE || !le32(e + 4))
			continue;
		if (count < max)
			addresses[count] = le32(e + 4);
		count++;
	}
	return count;
}

uint64_t madt_lapic_address(const void *table)
{
	const unsigned char *madt = table;
	uint64_t address = LAPIC_DEFAULT;

	/* acpi_find vouches for the header that all tables have, not for what a MADT adds. */
	if (le32(madt + TABLE_LENGTH) >= TABLE_ENTRIES)
		address = le32(madt + TABLE_LAPIC_ADDRESS);
	for (const unsigned char *e = next_entry(madt, NULL); e; e = next_entry(madt, e))
		if (e[0] == LOCAL_APIC_ADDRESS_OVERRIDE && e[1] >= LOCAL_APIC_ADDRESS_OVERRIDE_SIZE)
			address = le32(e + 4) | (uint64_t)le32(e + 8) << 32;
	return address;
}

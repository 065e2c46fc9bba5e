/* SPDX-License-Identifier: 0BSD */
/*
 * The System Resource Affinity Table (ACPI specification 6.4, 5.2.16): which node, or proximity
 * domain, CPUs and memory are in. An entry whose flag says that it is not enabled is a place for
 * something that may be added.
 */
#include "pc.h"

enum { TABLE_LENGTH = 4, TABLE_REVISION = 8, TABLE_ENTRIES = 48 };

/* Kinds of entries, their sizes, and where their fields are. */
enum {
	APIC = 0,
	APIC_SIZE = 16,
	APIC_DOMAIN = 2, /* its lowest byte; the others are at APIC_DOMAIN_HIGH */
	APIC_ID = 3,
	APIC_FLAGS = 4,
	APIC_DOMAIN_HIGH = 9,
	MEMORY = 1,
	MEMORY_SIZE = 40,
	MEMORY_DOMAIN = 2,
	MEMORY_BASE = 8,
	MEMORY_LENGTH = 16,
	MEMORY_FLAGS = 28,
	X2APIC = 2,
	X2APIC_SIZE = 24,
	X2APIC_DOMAIN = 4,
	X2APIC_ID = 8,
	X2APIC_FLAGS = 12,
	FLAG_ENABLED = 1
};

static size_t bytes_left(const unsigned char *srat, const unsigned char *entry)
{
	return (size_t)(srat + le32(srat + TABLE_LENGTH) - entry);
}

/* The entry after ENTRY, or the first if that is NULL; NULL behind the last. */
static const unsigned char *next_entry(const unsigned char *srat, const unsigned char *entry)
{
	const unsigned char *next = entry ? entry + entry[1] : srat + TABLE_ENTRIES;

	return bytes_left(srat, next) ? next : NULL;
}

/* How long an entry of this kind is; of others, no more than its own header is known. */
static size_t least_size(unsigned kind)
{
	switch (kind) {
	case APIC:
		return APIC_SIZE;
	case MEMORY:
		return MEMORY_SIZE;
	case X2APIC:
		return X2APIC_SIZE;
	default:
		return 2;
	}
}

const char *srat_check(const void *table)
{
	const unsigned char *srat = table;

	if (le32(srat + TABLE_LENGTH) < TABLE_ENTRIES)
		return "the SRAT ends before its first entry: it needs other firmware";
	for (const unsigned char *e = next_entry(srat, NULL); e; e = next_entry(srat, e)) {
		if (bytes_left(srat, e) < 2 || e[1] > bytes_left(srat, e))
			return "an entry of the SRAT goes beyond its end: it needs other firmware";
		if (e[1] < least_size(e[0]))
			return "an entry of the SRAT is shorter than those of its kind are: it "
			       "needs other firmware";
		if (e[0] == MEMORY && le64(e + MEMORY_LENGTH) &&
		    le64(e + MEMORY_LENGTH) - 1 > UINT64_MAX - le64(e + MEMORY_BASE))
			return "memory in the SRAT goes beyond the last address: it needs other "
			       "firmware";
	}
	return NULL;
}

/* In revision 1 a domain was one byte, and what are its others now was reserved. */
static uint32_t domain(const unsigned char *srat, uint32_t all)
{
	return srat[TABLE_REVISION] < 2 ? all & 0xff : all;
}

/* Whether ENTRY is a CPU that is in use; its id and domain. */
static bool is_cpu(const unsigned char *srat, const unsigned char *entry, uint64_t *id,
		   uint32_t *node)
{
	if (entry[0] == APIC) {
		*id = entry[APIC_ID];
		*node = domain(srat, le32(entry + APIC_DOMAIN_HIGH - 1) & ~UINT32_C(0xff));
		*node |= entry[APIC_DOMAIN];
		return le32(entry + APIC_FLAGS) & FLAG_ENABLED;
	}
	if (entry[0] == X2APIC) {
		*id = le32(entry + X2APIC_ID);
		*node = le32(entry + X2APIC_DOMAIN); /* of revision 3 on */
		return le32(entry + X2APIC_FLAGS) & FLAG_ENABLED;
	}
	return false;
}

bool srat_node_of(const void *table, uint64_t apic_id, uint32_t *node)
{
	const unsigned char *srat = table;
	bool found = false;
	uint64_t id;
	uint32_t its;

	for (const unsigned char *e = next_entry(srat, NULL); e; e = next_entry(srat, e)) {
		if (!is_cpu(srat, e, &id, &its) || id != apic_id)
			continue;
		if (found && its != *node)
			return false;
		*node = its;
		found = true;
	}
	return found;
}

size_t srat_memory(const void *table, struct board_range *ranges, size_t max)
{
	const unsigned char *srat = table;
	size_t count = 0;

	for (const unsigned char *e = next_entry(srat, NULL); e; e = next_entry(srat, e)) {
		if (e[0] != MEMORY || !(le32(e + MEMORY_FLAGS) & FLAG_ENABLED) ||
		    !le64(e + MEMORY_LENGTH))
			continue;
		if (count < max)
			ranges[count] =
				(struct board_range){le64(e + MEMORY_BASE), le64(e + MEMORY_LENGTH),
						     domain(srat, le32(e + MEMORY_DOMAIN))};
		count++;
	}
	return count;
}

/* SPDX-License-Identifier: 0BSD */
/*
 * What a multiboot 2 loader tells (Multiboot2 Specification 2.0, "Boot information format"): tags,
 * one behind the other. It is not trusted: nothing is read outside the information, or a tag, of
 * the size that it says; what cannot be right is taken as missing.
 */
#include "pc.h"

enum { TOTAL_SIZE = 0, FIRST_TAG = 8 };
enum { TAG_TYPE = 0, TAG_SIZE = 4, TAG_DATA = 8, TAG_ALIGNMENT = 8 };
enum {
	TAG_END = 0,
	TAG_COMMAND_LINE = 1,
	TAG_NAME = 2,
	TAG_MEMORY_MAP = 6,
	TAG_EFI32_SYSTEM_TABLE = 11,
	TAG_EFI64_SYSTEM_TABLE = 12,
	TAG_OLD_RSDP = 14, /* of ACPI 1.0 */
	TAG_NEW_RSDP = 15
};
enum { OLD_RSDP_SIZE = 20 };

/* Of the memory map's tag, and of an entry of it. */
enum { MAP_ENTRY_SIZE = 8, MAP_ENTRIES = 16 };
enum { ENTRY_BASE = 0, ENTRY_LENGTH = 8, ENTRY_TYPE = 16, SMALLEST_ENTRY = 24 };
enum { TYPE_AVAILABLE = 1 };

static void read_map(struct loader *loader, const unsigned char *tag, size_t size)
{
	size_t entry_size;

	if (size < MAP_ENTRIES)
		return;
	entry_size = le32(tag + MAP_ENTRY_SIZE);
	if (entry_size < SMALLEST_ENTRY)
		return;
	for (size_t at = MAP_ENTRIES; at <= size && entry_size <= size - at; at += entry_size)
		loader_add_memory(loader, le64(tag + at + ENTRY_BASE),
				  le64(tag + at + ENTRY_LENGTH),
				  le32(tag + at + ENTRY_TYPE) == TYPE_AVAILABLE);
}

/* The new one is preferred, in whichever order they come. */
static void copy_rsdp(struct loader *loader, const unsigned char *tag, size_t size,
		      size_t rsdp_size)
{
	if (size - TAG_DATA < rsdp_size || (loader->has_rsdp && rsdp_size < RSDP_SIZE))
		return;
	for (size_t i = 0; i < rsdp_size; i++)
		loader->rsdp[i] = tag[TAG_DATA + i];
	loader->has_rsdp = true;
}

/* SIZE, which counts the tag's header, lies in the information. */
static void read_tag(struct loader *loader, const unsigned char *tag, size_t size)
{
	switch (le32(tag + TAG_TYPE)) {
	case TAG_COMMAND_LINE:
		loader->command_line_cut =
			!loader_copy_string(loader->command_line, sizeof(loader->command_line),
					    tag + TAG_DATA, size - TAG_DATA);
		break;
	case TAG_NAME:
		(void)loader_copy_string(loader->name, sizeof(loader->name), tag + TAG_DATA,
					 size - TAG_DATA);
		break;
	case TAG_MEMORY_MAP:
		read_map(loader, tag, size);
		break;
	case TAG_EFI32_SYSTEM_TABLE:
	case TAG_EFI64_SYSTEM_TABLE:
		loader->efi = true;
		break;
	case TAG_OLD_RSDP:
		copy_rsdp(loader, tag, size, OLD_RSDP_SIZE);
		break;
	case TAG_NEW_RSDP:
		copy_rsdp(loader, tag, size, RSDP_SIZE);
		break;
	default:
		break;
	}
}

const char *multiboot2_read(struct loader *loader, uint64_t address)
{
	const unsigned char *information = pc_at(address);
	size_t total, size;

	if (!pc_readable(address, FIRST_TAG))
		return "the multiboot 2 information is not in memory: %ebx held no address: use "
		       "another loader";
	total = le32(information + TOTAL_SIZE);
	if (total > LOADER_MAX_SIZE || !pc_readable(address, total))
		return "the multiboot 2 information is larger than can be: %ebx held no address "
		       "of it: use another loader";
	loader->protocol = "multiboot2";
	/* A tag that is shorter than its header, or longer than what is left, ends the list. */
	for (size_t at = FIRST_TAG; at + TAG_DATA <= total; at += size) {
		size = le32(information + at + TAG_SIZE);
		if (size < TAG_DATA || size > total - at ||
		    le32(information + at + TAG_TYPE) == TAG_END)
			break;
		read_tag(loader, information + at, size);
		size = (size + TAG_ALIGNMENT - 1) & ~(size_t)(TAG_ALIGNMENT - 1);
	}
	return NULL;
}

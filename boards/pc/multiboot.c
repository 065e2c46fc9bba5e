/* SPDX-License-Identifier: 0BSD */
/*
 * What a multiboot 1 loader tells (Multiboot Specification 0.6.96, "Boot information format"). It
 * is not trusted: a part that cannot be right is taken as missing.
 */
#include "pc.h"

enum { HAS_MEMORY = 1 << 0, HAS_COMMAND_LINE = 1 << 2, HAS_MEMORY_MAP = 1 << 6, HAS_NAME = 1 << 9 };

/* Offsets; the flags say which of the others are valid. */
enum {
	FLAGS = 0,
	MEMORY_LOWER = 4, /* KiB from address 0 on */
	COMMAND_LINE = 16,
	MAP_SIZE = 44,
	MAP = 48,
	NAME = 64,
	INFORMATION_SIZE = 68
};

/* Of an entry of the map. Its size does not count itself. */
enum { ENTRY_SIZE = 0, ENTRY_BASE = 4, ENTRY_LENGTH = 12, ENTRY_TYPE = 20, SMALLEST_ENTRY = 24 };
enum { TYPE_AVAILABLE = 1 };

/* Returns whether there is a map. An entry too short to be one ends it. */
static bool read_map(struct loader *loader, uint64_t address, uint64_t size)
{
	const unsigned char *entry = pc_at(address);

	if (size > LOADER_MAX_SIZE || !pc_readable(address, size))
		return false;
	while (size >= SMALLEST_ENTRY) {
		uint64_t entry_size = (uint64_t)le32(entry + ENTRY_SIZE) + 4;

		if (entry_size < SMALLEST_ENTRY || entry_size > size)
			break;
		loader_add_memory(loader, le64(entry + ENTRY_BASE), le64(entry + ENTRY_LENGTH),
				  le32(entry + ENTRY_TYPE) == TYPE_AVAILABLE);
		entry += entry_size;
		size -= entry_size;
	}
	return true;
}

/* False if there is no room for all of it. */
static bool copy_string(char *to, size_t room, uint64_t address)
{
	return !pc_readable(address, 1) ||
	       loader_copy_string(to, room, pc_at(address), PC_MAPPED - address);
}

const char *multiboot_read(struct loader *loader, uint64_t address)
{
	const unsigned char *information = pc_at(address);
	uint32_t flags;

	if (!pc_readable(address, INFORMATION_SIZE))
		return "the multiboot information is not in memory: %ebx held no address: use "
		       "another loader";
	flags = le32(information + FLAGS);
	loader->protocol = "multiboot";
	if (flags & HAS_NAME)
		(void)copy_string(loader->name, sizeof(loader->name), le32(information + NAME));
	if (flags & HAS_COMMAND_LINE)
		loader->command_line_cut =
			!copy_string(loader->command_line, sizeof(loader->command_line),
				     le32(information + COMMAND_LINE));
	if (!(flags & HAS_MEMORY_MAP &&
	      read_map(loader, le32(information + MAP), le32(information + MAP_SIZE))) &&
	    flags & HAS_MEMORY)
		loader_add_memory(loader, 0, (uint64_t)le32(information + MEMORY_LOWER) * 1024,
				  true);
	return NULL;
}

/* SPDX-License-Identifier: 0BSD */
/*
 * What a multiboot 1 loader tells (Multiboot Specification 0.6.96, "Boot information format"). The
 * loader may have put it anywhere, also where an AP's start page will be, so what is needed later
 * is copied first.
 */
#include "pc.h"

#define BOOTLOADER_MAGIC 0x2badb002

enum { HAS_MEMORY = 1 << 0, HAS_COMMAND_LINE = 1 << 2, HAS_MEMORY_MAP = 1 << 6 };

struct information {
	uint32_t flags;
	uint32_t memory_lower; /* KiB from address 0 */
	uint32_t memory_upper;
	uint32_t boot_device;
	uint32_t command_line;
	uint32_t modules[2];
	uint32_t symbols[4];
	uint32_t map_size;
	uint32_t map;
};

/* SIZE does not count itself. */
struct map_entry {
	uint32_t size;
	uint64_t base;
	uint64_t length;
	uint32_t type;
} __attribute__((packed));
enum { MAP_AVAILABLE = 1 };

extern uint32_t multiboot_magic; /* boot.S: what the loader left in %eax */

static char command_line[512];
static uintptr_t low_page;

#define PAGE 0x1000u
#define LOW_MEMORY_END 0xa0000u

/* The highest whole page of the range below 640 KiB; never page 0, which is the BIOS's. */
static void consider(uint64_t base, uint64_t length)
{
	uint64_t end = base + length < LOW_MEMORY_END ? base + length : LOW_MEMORY_END;
	uint64_t page = (end & ~(uint64_t)(PAGE - 1)) - PAGE;

	if (end >= 2 * PAGE && page >= base && page > low_page)
		low_page = page;
}

static void read_map(const struct information *information)
{
	uint64_t at = information->map, end = at + information->map_size;

	while (at + sizeof(struct map_entry) <= end) {
		const struct map_entry *entry = (const struct map_entry *)at; /* NOLINT */

		if (entry->type == MAP_AVAILABLE)
			consider(entry->base, entry->length);
		at += entry->size + sizeof(entry->size);
	}
}

static void copy_command_line(const char *from)
{
	for (size_t i = 0; i < sizeof(command_line) - 1 && from[i]; i++)
		command_line[i] = from[i];
}

const char *multiboot_init(uintptr_t address)
{
	const struct information *information = (const struct information *)address; /* NOLINT */

	if (multiboot_magic != BOOTLOADER_MAGIC)
		return "the boot loader is no multiboot 1 loader: %eax held another number";
	if (information->flags & HAS_COMMAND_LINE)
		copy_command_line((const char *)(uintptr_t)information->command_line); /* NOLINT */
	if (information->flags & HAS_MEMORY_MAP)
		read_map(information);
	else if (information->flags & HAS_MEMORY)
		consider(0, (uint64_t)information->memory_lower * 1024);
	return NULL;
}

const char *multiboot_command_line(void)
{
	return command_line;
}

uintptr_t pc_low_page(void)
{
	return low_page;
}

/* SPDX-License-Identifier: 0BSD */
/*
 * Nodes and RAM of a PC, for boards/board.h: where RAM is, from the boot loader's memory map; which
 * node it and the CPUs are in, from ACPI's SRAT; how far these are from each other, from its SLIT.
 */
#include "pc.h"

/* The BIOS, the start page of the other CPUs and what else grew there. */
#define FIRST_MIB 0x100000u

enum { MAX_MEMORY = 256 };

static const void *srat, *slit;

/*
 * What is not there at all is no error. acpi_find knows why a table cannot be read, but not which
 * that is: UNREADABLE does.
 */
static const char *find(const char *signature, const char *unreadable,
			const char *(*check)(const void *), const void **table)
{
	const char *error = acpi_find(loader()->has_rsdp ? loader()->rsdp : NULL, signature, table);

	if (*table)
		return check(*table);
	return error == acpi_has_none ? NULL : unreadable;
}

/* Whether the lists are there, and are kept whole. */
static const char *check_lists(void)
{
	size_t memories = srat ? srat_memory(srat, NULL, 0) : 1, ranges = loader()->range_count;

	if (!memories)
		return "the SRAT says of no memory which node it is in: it needs other firmware";
	if (memories > MAX_MEMORY)
		return "the SRAT lists more ranges of memory than there is room for: raise "
		       "MAX_MEMORY in boards/pc/nodes.c";
	if (!ranges)
		return "the loader has passed no memory map, or an empty one: take another loader";
	if (ranges > LOADER_RANGES)
		return "the loader's memory map has more entries than are kept: raise "
		       "LOADER_RANGES in boards/pc/pc.h";
	return NULL;
}

const char *board_find_nodes(void)
{
	const char *error = find("SRAT",
				 "the SRAT, which says what node CPUs and RAM are in, cannot be "
				 "read: its length or checksum is wrong, or tables lie above 4 "
				 "GiB: it needs other firmware",
				 srat_check, &srat);

	if (!error)
		error = find("SLIT",
			     "the SLIT, which says how far nodes are apart, cannot be read: its "
			     "length or checksum is wrong, or tables lie above 4 GiB: it needs "
			     "other firmware",
			     slit_check, &slit);
	return error ? error : check_lists();
}

bool board_node_of(uint64_t hwid, uint32_t *node)
{
	*node = 0;
	return !srat || srat_node_of(srat, hwid, node);
}

uint32_t board_distance(uint32_t from, uint32_t to)
{
	if (slit)
		return slit_distance(slit, from, to);
	return from == to ? BOARD_LOCAL : BOARD_REMOTE;
}

/* The part of MEMORY that RANGE of the loader's map has too; none if there is none. */
static struct board_range common(const struct board_range *memory, const struct loader_range *range)
{
	uint64_t start = memory->start > range->start ? memory->start : range->start;
	uint64_t memory_left = memory->size - (start - memory->start);
	uint64_t range_left = range->size - (start - range->start);

	if (start - memory->start >= memory->size || start - range->start >= range->size)
		return (struct board_range){0, 0, 0};
	return (struct board_range){start, memory_left < range_left ? memory_left : range_left,
				    memory->node};
}

/* What the SRAT lists; without one, all there can be. */
static size_t find_memory(struct board_range *memory)
{
	if (srat)
		return srat_memory(srat, memory, MAX_MEMORY);
	memory[0] = (struct board_range){0, UINT64_MAX, 0};
	return 1;
}

size_t board_find_ram(struct board_range *ranges, size_t max)
{
	static struct board_range memory[MAX_MEMORY];
	size_t memories = find_memory(memory), count = 0;

	for (size_t i = 0; i < memories; i++)
		for (size_t j = 0; j < loader()->range_count; j++) {
			const struct loader_range *range = &loader()->ranges[j];
			struct board_range ram = common(&memory[i], range);

			if (!range->available || !ram.size)
				continue;
			if (count < max)
				ranges[count] = ram;
			count++;
		}
	return count;
}

/* What the map has as anything but available, whatever else it says of it. */
size_t board_find_taken(struct board_range *ranges, size_t max)
{
	const struct board_range known[] = {
		{0, FIRST_MIB, 0},
		{loader()->kernel, loader()->kernel_end - loader()->kernel, 0},
	};
	size_t count = 0;

	for (; count < sizeof(known) / sizeof(known[0]); count++)
		if (count < max)
			ranges[count] = known[count];
	for (size_t i = 0; i < loader()->range_count; i++) {
		const struct loader_range *range = &loader()->ranges[i];

		if (range->available)
			continue;
		if (count < max)
			ranges[count] = (struct board_range){range->start, range->size, 0};
		count++;
	}
	return count;
}

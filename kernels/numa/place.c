/* SPDX-License-Identifier: 0BSD */
#include "place.h"

#include <kernels/common/kernel.h>

/* What is taken begins with the board's; places that are given out come behind. */
enum { MAX_RAM = 256, MAX_TAKEN = 512 };
static struct board_range ram[MAX_RAM], taken[MAX_TAKEN + MAX_CPUS];
static size_t ram_count, taken_count, taken_by_board;

/* Sizes and not ends: a range may end with the last address. */
static bool overlap(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size)
{
	return a < b ? b - a < a_size : a - b < b_size;
}

static bool inside(uint64_t start, uint64_t size, const struct board_range *range)
{
	return start >= range->start && start - range->start <= range->size &&
	       size <= range->size - (start - range->start);
}

/* Two nodes cannot have the same memory. */
static bool nodes_overlap(void)
{
	for (size_t i = 0; i < ram_count; i++)
		for (size_t j = 0; j < i; j++)
			if (ram[i].node != ram[j].node &&
			    overlap(ram[i].start, ram[i].size, ram[j].start, ram[j].size))
				return true;
	return false;
}

const char *places_find(void)
{
	const char *error = board_find_nodes();

	if (error)
		return error;
	ram_count = board_find_ram(ram, MAX_RAM);
	taken_by_board = taken_count = board_find_taken(taken, MAX_TAKEN);
	if (ram_count > MAX_RAM || taken_count > MAX_TAKEN)
		return "the firmware lists more ranges of RAM than there is room for: raise "
		       "MAX_RAM and MAX_TAKEN in kernels/numa/place.c";
	if (!ram_count)
		return "the firmware lists no RAM that is in a node: it needs other tables";
	if (nodes_overlap())
		return "the firmware has the same memory in two nodes: it needs other tables";
	return NULL;
}

void places_print(void)
{
	for (size_t i = 0; i < ram_count; i++)
		print("# RAM of node %u: %lx bytes at %lx\n", ram[i].node, ram[i].size,
		      ram[i].start);
}

static uint64_t align_up(uint64_t address, uint64_t align)
{
	return (address + align - 1) & ~(align - 1);
}

/* One that overlaps these bytes; NULL if they are free. */
static const struct board_range *taker(uint64_t start, uint64_t size)
{
	for (size_t i = 0; i < taken_count; i++)
		if (overlap(start, size, taken[i].start, taken[i].size))
			return &taken[i];
	return NULL;
}

/* The lowest address in RANGE with room; 0 if there is none. Each step is over something taken. */
static uint64_t room_in(const struct board_range *range, uint64_t size, uint64_t align)
{
	uint64_t at = align_up(range->start ? range->start : align, align);

	while (inside(at, size, range)) {
		const struct board_range *by = taker(at, size);
		uint64_t next = by ? align_up(by->start + by->size, align) : at;

		if (!by)
			return at;
		if (next <= at)
			break; /* behind the last address */
		at = next;
	}
	return 0;
}

bool place_take(uint32_t node, uint64_t size, uint64_t align, struct place *place)
{
	*place = (struct place){0, size, 0, BOARD_UNREACHABLE};
	for (size_t i = 0; i < ram_count; i++) {
		uint32_t distance = board_distance(node, ram[i].node);
		uint64_t start = distance < place->distance ? room_in(&ram[i], size, align) : 0;

		if (start)
			*place = (struct place){start, size, ram[i].node, distance};
	}
	if (!place->start || taken_count == MAX_TAKEN + MAX_CPUS)
		return false;
	taken[taken_count++] = (struct board_range){place->start, size, 0};
	return true;
}

const char *place_wrong(uint32_t node, uint64_t align, const struct place *place)
{
	bool found = false;

	for (size_t i = 0; i < ram_count; i++) {
		if (inside(place->start, place->size, &ram[i]))
			found |= ram[i].node == place->node;
		/* Nothing has been given back: what is free now was free then. */
		if (board_distance(node, ram[i].node) < place->distance &&
		    room_in(&ram[i], place->size, align))
			return "other memory is nearer, and free";
	}
	if (!found)
		return "it is not all in RAM of its node";
	if (board_distance(node, place->node) != place->distance)
		return "its node is not so far";
	for (size_t i = 0; i < taken_by_board; i++)
		if (overlap(place->start, place->size, taken[i].start, taken[i].size))
			return "something else is there";
	return NULL;
}

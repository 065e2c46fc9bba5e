/* SPDX-License-Identifier: 0BSD */
/*
 * The System Locality Information Table (ACPI specification 6.4, 5.2.17): how far nodes are from
 * each other, as a square of bytes. 10 is a node's own memory, less is reserved, and 255 says that
 * there is no way.
 */
#include "pc.h"

enum { TABLE_LENGTH = 4, TABLE_NODES = 36, TABLE_DISTANCES = 44, NO_WAY = 255 };

/* A table of 1 MiB, which acpi_find takes at most, has fewer. */
enum { MAX_NODES = 1024 };

static uint32_t distance(const unsigned char *slit, uint64_t from, uint64_t to)
{
	return slit[TABLE_DISTANCES + from * le64(slit + TABLE_NODES) + to];
}

const char *slit_check(const void *table)
{
	const unsigned char *slit = table;
	uint32_t length = le32(slit + TABLE_LENGTH);
	uint64_t nodes = length < TABLE_DISTANCES ? 0 : le64(slit + TABLE_NODES);

	if (length < TABLE_DISTANCES || nodes > MAX_NODES ||
	    length - TABLE_DISTANCES < nodes * nodes)
		return "the SLIT is shorter than its number of nodes needs: it needs other "
		       "firmware";
	for (uint64_t i = 0; i < nodes; i++)
		for (uint64_t j = 0; j < nodes; j++)
			if (i == j ? distance(slit, i, j) != BOARD_LOCAL
				   : distance(slit, i, j) < BOARD_LOCAL)
				return "a distance in the SLIT is not 10 within a node and at "
				       "least that between two: it needs other firmware";
	return NULL;
}

uint32_t slit_distance(const void *table, uint32_t from, uint32_t to)
{
	const unsigned char *slit = table;
	uint64_t nodes = le64(slit + TABLE_NODES);
	uint32_t far = from == to ? BOARD_LOCAL : BOARD_REMOTE;

	if (from < nodes && to < nodes)
		far = distance(slit, from, to);
	return far == NO_WAY ? BOARD_UNREACHABLE : far;
}

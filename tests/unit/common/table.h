/* SPDX-License-Identifier: MIT */
/*
 * ACPI tables for tests of their parsers: each in memory of its exact size, so that reading past it
 * is an error of the address sanitizer.
 */
#ifndef TABLE_H
#define TABLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

enum { TABLE_MOST = 4096 };

struct table {
	size_t size;
	unsigned char bytes[TABLE_MOST];
};

/* Little-endian, in SIZE bytes. */
static inline void table_put(unsigned char *at, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		at[i] = (unsigned char)(value >> (8 * i));
}

/* A table of SIZE bytes, all zero but for its header's length. */
static inline struct table table_new(size_t size)
{
	struct table table = {.size = size};

	table_put(table.bytes + 4, size, 4);
	return table;
}

static inline void table_add(struct table *table, const void *entry, size_t size)
{
	memcpy(table->bytes + table->size, entry, size);
	table->size += size;
	table_put(table->bytes + 4, table->size, 4);
}

/* To be freed. */
static inline void *table_exact(const struct table *table)
{
	return memcpy(malloc(table->size), table->bytes, table->size);
}

/* A table of QEMU's: $UNIT_TABLES/NAME. */
static inline struct table table_load(const char *name)
{
	const char *directory = getenv("UNIT_TABLES");
	struct table table = {.size = 0};
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory ? directory : "tests/fuzz/seeds", name);
	file = fopen(path, "rb");
	if (!file)
		tap_bail_out("%s cannot be read: $UNIT_TABLES must name tests/fuzz/seeds", path);
	table.size = fread(table.bytes, 1, TABLE_MOST, file);
	fclose(file);
	return table;
}

#endif

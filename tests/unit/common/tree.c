/* SPDX-License-Identifier: MIT */
#include "tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

/* The header's fields, as offsets (Devicetree Specification, 5.2). */
enum {
	MAGIC = 0,
	TOTAL_SIZE = 4,
	STRUCTURE = 8,
	STRINGS = 12,
	RESERVATIONS = 16,
	VERSION = 20,
	LAST_COMPATIBLE = 24,
	STRINGS_SIZE = 32,
	STRUCTURE_SIZE = 36,
	HEADER_SIZE = 40,
	/* Behind it, room for a reservation and the end of their list. */
	BLOCKS = HEADER_SIZE + 32
};

uint32_t tree_word(const void *at)
{
	const unsigned char *p = at;

	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

void tree_set_word(void *at, uint32_t value)
{
	unsigned char *p = at;

	for (int i = 3; i >= 0; i--, value >>= 8)
		p[i] = (unsigned char)value;
}

static void copy(void *to, const void *from, size_t size)
{
	if (size)
		memcpy(to, from, size);
}

void *tree_blob(const struct tree *tree, enum tree_last last, size_t *size)
{
	size_t strings = BLOCKS, structure = BLOCKS;
	size_t total = BLOCKS + tree->structure_size + tree->strings_size;
	unsigned char *blob;

	/* The structure block is aligned to 4, so with strings before it there may be a gap. */
	if (last == STRUCTURE_LAST) {
		structure += (tree->strings_size + 3) & ~(size_t)3;
		total = structure + tree->structure_size;
	} else {
		strings += tree->structure_size;
	}
	blob = malloc(total);
	memset(blob, 0, total);
	tree_set_word(blob + MAGIC, 0xd00dfeed);
	tree_set_word(blob + TOTAL_SIZE, (uint32_t)total);
	tree_set_word(blob + STRUCTURE, (uint32_t)structure);
	tree_set_word(blob + STRINGS, (uint32_t)strings);
	tree_set_word(blob + VERSION, 17);
	tree_set_word(blob + LAST_COMPATIBLE, 16);
	tree_set_word(blob + STRINGS_SIZE, (uint32_t)tree->strings_size);
	tree_set_word(blob + STRUCTURE_SIZE, (uint32_t)tree->structure_size);
	tree_set_word(blob + RESERVATIONS, HEADER_SIZE);
	for (size_t i = 0; i < 2; i++) {
		tree_set_word(blob + HEADER_SIZE + 8 * i, (uint32_t)(tree->reserved[i] >> 32));
		tree_set_word(blob + HEADER_SIZE + 8 * i + 4, (uint32_t)tree->reserved[i]);
	}
	copy(blob + structure, tree->structure, tree->structure_size);
	copy(blob + strings, tree->strings, tree->strings_size);
	if (size)
		*size = total;
	return blob;
}

static unsigned char *read_file(const char *path)
{
	enum { MOST = 2 << 20 };
	unsigned char *content = malloc(MOST);
	FILE *file = fopen(path, "rb");
	size_t size = file ? fread(content, 1, MOST, file) : 0;

	if (size < HEADER_SIZE || tree_word(content + TOTAL_SIZE) > size)
		tap_bail_out("%s is no device tree: $UNIT_DTBS must name the directory of those "
			     "that QEMU has dumped",
			     path);
	fclose(file);
	return content;
}

void tree_load(struct tree *tree, const char *name)
{
	const char *directory = getenv("UNIT_DTBS");
	unsigned char *content;
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", directory ? directory : ".", name);
	content = read_file(path);
	tree->structure_size = tree_word(content + STRUCTURE_SIZE);
	tree->strings_size = tree_word(content + STRINGS_SIZE);
	tree->structure = malloc(tree->structure_size);
	tree->strings = malloc(tree->strings_size);
	copy(tree->structure, content + tree_word(content + STRUCTURE), tree->structure_size);
	copy(tree->strings, content + tree_word(content + STRINGS), tree->strings_size);
	free(content);
}

void tree_free(struct tree *tree)
{
	free(tree->structure);
	free(tree->strings);
	*tree = (struct tree){.structure_size = 0};
}

/* Appends SIZE bytes to the structure block, and zeros up to the next word. */
static void append(struct tree *tree, const void *from, size_t size)
{
	size_t padded = (size + 3) & ~(size_t)3;

	tree->structure = realloc(tree->structure, tree->structure_size + padded);
	memset(tree->structure + tree->structure_size, 0, padded);
	copy(tree->structure + tree->structure_size, from, size);
	tree->structure_size += padded;
}

void tree_token(struct tree *tree, uint32_t token)
{
	unsigned char bytes[4];

	tree_set_word(bytes, token);
	append(tree, bytes, sizeof(bytes));
}

void tree_begin(struct tree *tree, const char *name)
{
	tree_token(tree, 1);
	append(tree, name, strlen(name) + 1);
}

void tree_end(struct tree *tree)
{
	tree_token(tree, 2);
}

void tree_property(struct tree *tree, const char *name, const void *value, size_t size)
{
	size_t length = strlen(name) + 1;

	tree_token(tree, 3);
	tree_token(tree, (uint32_t)size);
	tree_token(tree, (uint32_t)tree->strings_size);
	append(tree, value, size);
	tree->strings = realloc(tree->strings, tree->strings_size + length);
	memcpy(tree->strings + tree->strings_size, name, length);
	tree->strings_size += length;
}

void tree_string(struct tree *tree, const char *name, const char *value)
{
	tree_property(tree, name, value, strlen(value) + 1);
}

void tree_cell(struct tree *tree, const char *name, uint32_t value)
{
	unsigned char bytes[4];

	tree_set_word(bytes, value);
	tree_property(tree, name, bytes, sizeof(bytes));
}

void tree_cells(struct tree *tree, const char *name, const uint32_t *values, size_t count)
{
	unsigned char bytes[256];

	for (size_t i = 0; i < count; i++)
		tree_set_word(bytes + 4 * i, values[i]);
	tree_property(tree, name, bytes, 4 * count);
}

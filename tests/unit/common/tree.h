/* SPDX-License-Identifier: MIT */
/*
 * Flattened device trees for tests: built piece by piece, dumped by QEMU, or cut out of another.
 * Each ends with the memory it is in, so that a sanitizer sees a read past it.
 */
#ifndef TREE_H
#define TREE_H

#include <stddef.h>
#include <stdint.h>

/*
 * A tree as its parts. The blob is laid out with the structure block last, or the strings block, as
 * the one whose end is of interest.
 */
struct tree {
	unsigned char *structure;
	size_t structure_size;
	char *strings;
	size_t strings_size;
	uint64_t reserved[2]; /* an entry of the list of reserved memory: address and size */
};

enum tree_last { STRUCTURE_LAST, STRINGS_LAST };

/* The blob of these parts, malloc'ed; its whole size through SIZE, unless that is NULL. */
void *tree_blob(const struct tree *tree, enum tree_last last, size_t *size);

/* Reads DIRECTORY/NAME, where DIRECTORY is $UNIT_DTBS; bails out if it cannot. To be freed. */
void tree_load(struct tree *tree, const char *name);
void tree_free(struct tree *tree);

/* Building one, from an all-zero struct tree on: nodes and properties in the tree's order. */
void tree_begin(struct tree *tree, const char *name);
void tree_end(struct tree *tree);
void tree_token(struct tree *tree, uint32_t token);
void tree_property(struct tree *tree, const char *name, const void *value, size_t size);
void tree_string(struct tree *tree, const char *name, const char *value);
void tree_cell(struct tree *tree, const char *name, uint32_t value);
void tree_cells(struct tree *tree, const char *name, const uint32_t *values, size_t count);
#define TREE_CELLS(tree, name, ...)                                                                \
	tree_cells((tree), (name), (const uint32_t[]){__VA_ARGS__},                                \
		   sizeof((uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

/* Four bytes of a blob, big-endian. */
uint32_t tree_word(const void *at);
void tree_set_word(void *at, uint32_t value);

#endif

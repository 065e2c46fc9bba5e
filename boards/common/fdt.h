/* SPDX-License-Identifier: 0BSD */
/*
 * Reading a flattened device tree (Devicetree Specification, chapter 5). Nothing is written,
 * nothing outside the blob is read, whatever it says; what is malformed looks as if it were absent.
 */
#ifndef FDT_H
#define FDT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fdt {
	const unsigned char *blob; /* all of it */
	size_t size;
	const unsigned char *structure; /* the tree, as a stream of 4-byte tokens */
	const char *strings;		/* the properties' names */
	size_t structure_size;
	size_t strings_size;
};

/* A node is the offset of its FDT_BEGIN_NODE token in the structure block. */
typedef size_t fdt_node;
#define FDT_NO_NODE SIZE_MAX
#define FDT_ROOT ((fdt_node)0)

/* How large a tree may claim to be: more than any machine's, less than what wraps an address. */
#define FDT_MAX_SIZE 0x1000000u

/* How far a blob's header says that it goes; 0 if there is none, or it is more than that. */
#define FDT_HEADER_SIZE 40
size_t fdt_size(const void *address);

/* Opens the blob at ADDRESS. Returns NULL, or a sentence that says what is wrong with it. */
const char *fdt_open(struct fdt *fdt, const void *address);

/*
 * How many entries the list of memory that is not to be used has (5.3); SIZE_MAX if it does not lie
 * in the tree up to its end.
 */
size_t fdt_reservations(const struct fdt *fdt);

/* The address of one of these, and its size. */
uint64_t fdt_reservation(const struct fdt *fdt, size_t index, uint64_t *size);

const char *fdt_name(const struct fdt *fdt, fdt_node node);
fdt_node fdt_first_child(const struct fdt *fdt, fdt_node node);
fdt_node fdt_next_sibling(const struct fdt *fdt, fdt_node node);

/* The node at an absolute path, where a unit address may be left out: "/cpus", "/soc/uart". */
fdt_node fdt_find(const struct fdt *fdt, const char *path);

/*
 * The nodes from the root down to NODE, both of them too, into PATH. Returns how many; 0 if they
 * are more than MAX, or NODE is not in the tree.
 */
size_t fdt_path(const struct fdt *fdt, fdt_node node, fdt_node *path, size_t max);

/* A property's value and, through SIZE, its length in bytes; NULL if the node has none. */
const void *fdt_property(const struct fdt *fdt, fdt_node node, const char *name, size_t *size);

/* A property that is one string, terminated inside the property; NULL if it is not. */
const char *fdt_string(const struct fdt *fdt, fdt_node node, const char *name);

/* Whether one of the property's strings is VALUE. */
bool fdt_has_string(const struct fdt *fdt, fdt_node node, const char *name, const char *value);

/* The big-endian number in CELLS (1 or 2) cells at the start of a property, else FALLBACK. */
uint64_t fdt_number(const struct fdt *fdt, fdt_node node, const char *name, size_t cells,
		    uint64_t fallback);

/* The same, from cell AT of the property on. */
uint64_t fdt_number_at(const struct fdt *fdt, fdt_node node, const char *name, size_t at,
		       size_t cells, uint64_t fallback);

#endif

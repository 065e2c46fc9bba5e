/* SPDX-License-Identifier: 0BSD */
#include "fdt.h"

/* Devicetree Specification, 5.2 and 5.4. */
enum {
	FDT_MAGIC = 0xd00dfeed,
	FDT_BEGIN_NODE = 1,
	FDT_END_NODE = 2,
	FDT_PROP = 3,
	FDT_NOP = 4,
	FDT_END = 9
};

/* 5.3: two numbers of 8 bytes each. */
enum { RESERVATIONS = 16, RESERVATION_SIZE = 16 };

static uint32_t be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint64_t be64(const unsigned char *p)
{
	return (uint64_t)be32(p) << 32 | be32(p + 4);
}

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

/* Whether a string that starts OFFSET bytes into SIZE bytes at BASE ends inside them. */
static bool ends_inside(const char *base, size_t offset, size_t size)
{
	while (offset < size)
		if (!base[offset++])
			return true;
	return false;
}

size_t fdt_size(const void *address)
{
	const unsigned char *header = address;
	size_t total;

	if (!header || (uintptr_t)header % 4 || be32(header) != FDT_MAGIC)
		return 0;
	total = be32(header + 4);
	return total <= FDT_MAX_SIZE ? total : 0;
}

const char *fdt_open(struct fdt *fdt, const void *address)
{
	const unsigned char *header = address;
	size_t total, structure, strings;

	if (!header || (uintptr_t)header % 4 || be32(header) != FDT_MAGIC)
		return "no device tree where the boot loader says it is";
	total = be32(header + 4);
	structure = be32(header + 8);
	strings = be32(header + 12);
	fdt->strings_size = be32(header + 32);
	fdt->structure_size = be32(header + 36);
	if (be32(header + 24) > 17 || be32(header + 20) < 17)
		return "the device tree's format is not version 17 or compatible with it";
	if (total < FDT_HEADER_SIZE || total > FDT_MAX_SIZE || structure > total ||
	    fdt->structure_size > total - structure || strings > total ||
	    fdt->strings_size > total - strings || structure % 4)
		return "the device tree's header points outside the device tree";
	fdt->blob = header;
	fdt->size = total;
	fdt->structure = header + structure;
	fdt->strings = (const char *)header + strings;
	/* Up to the last string's end: one that starts inside then ends inside. */
	while (fdt->strings_size && fdt->strings[fdt->strings_size - 1])
		fdt->strings_size--;
	return NULL;
}

static const unsigned char *reservation_at(const struct fdt *fdt, size_t index)
{
	return fdt->blob + be32(fdt->blob + RESERVATIONS) + index * RESERVATION_SIZE;
}

/* The last is all zeros, and is none. */
size_t fdt_reservations(const struct fdt *fdt)
{
	size_t offset = be32(fdt->blob + RESERVATIONS);

	if (offset < FDT_HEADER_SIZE || offset > fdt->size)
		return SIZE_MAX;
	for (size_t i = 0; i < (fdt->size - offset) / RESERVATION_SIZE; i++)
		if (!be64(reservation_at(fdt, i)) && !be64(reservation_at(fdt, i) + 8))
			return i;
	return SIZE_MAX;
}

uint64_t fdt_reservation(const struct fdt *fdt, size_t index, uint64_t *size)
{
	*size = be64(reservation_at(fdt, index) + 8);
	return be64(reservation_at(fdt, index));
}

/* One item of the stream. */
struct token {
	uint32_t kind;
	size_t next;		    /* where the item after it starts */
	const char *name;	    /* of a node or property */
	const unsigned char *value; /* of a property */
	size_t size;
};

static size_t align4(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

static bool read_node(const struct fdt *fdt, size_t at, struct token *token)
{
	const char *base = (const char *)fdt->structure;

	if (!ends_inside(base, at, fdt->structure_size))
		return false;
	token->name = base + at;
	while (base[at])
		at++;
	token->next = align4(at + 1);
	return true;
}

static bool read_property(const struct fdt *fdt, size_t at, struct token *token)
{
	size_t name;

	if (fdt->structure_size - at < 8)
		return false;
	token->size = be32(fdt->structure + at);
	name = be32(fdt->structure + at + 4);
	at += 8;
	if (token->size > fdt->structure_size - at || name >= fdt->strings_size)
		return false;
	token->value = fdt->structure + at;
	token->name = fdt->strings + name;
	token->next = align4(at + token->size);
	return true;
}

/* Reads the item at AT. False at the end of the tree, and where the tree makes no sense. */
static bool read_token(const struct fdt *fdt, size_t at, struct token *token)
{
	if (at > fdt->structure_size || fdt->structure_size - at < 4)
		return false;
	token->kind = be32(fdt->structure + at);
	at += 4;
	token->next = at;
	switch (token->kind) {
	case FDT_BEGIN_NODE:
		return read_node(fdt, at, token);
	case FDT_PROP:
		return read_property(fdt, at, token);
	case FDT_END_NODE:
	case FDT_NOP:
		return true;
	default:
		return false;
	}
}

/* The first node at or after AT, before the end of the node that AT is in. */
static fdt_node next_node(const struct fdt *fdt, size_t at)
{
	struct token token;

	for (; read_token(fdt, at, &token) && token.kind != FDT_END_NODE; at = token.next)
		if (token.kind == FDT_BEGIN_NODE)
			return at;
	return FDT_NO_NODE;
}

const char *fdt_name(const struct fdt *fdt, fdt_node node)
{
	struct token token = {0};

	return read_token(fdt, node, &token) && token.kind == FDT_BEGIN_NODE ? token.name : "";
}

fdt_node fdt_first_child(const struct fdt *fdt, fdt_node node)
{
	struct token token;

	return read_token(fdt, node, &token) ? next_node(fdt, token.next) : FDT_NO_NODE;
}

fdt_node fdt_next_sibling(const struct fdt *fdt, fdt_node node)
{
	struct token token;
	size_t depth = 0;

	/* Every step moves on, so a tree that never ends still does. */
	for (size_t at = node; read_token(fdt, at, &token); at = token.next) {
		if (token.kind == FDT_BEGIN_NODE)
			depth++;
		if (token.kind == FDT_END_NODE && --depth == 0)
			return next_node(fdt, token.next);
	}
	return FDT_NO_NODE;
}

/* Whether NAME is the part of a path that starts at PATH, with or without its unit address. */
static bool names_part(const char *name, const char *path, size_t length)
{
	size_t i = 0;

	while (i < length && name[i] == path[i])
		i++;
	return i == length && (!name[i] || name[i] == '@');
}

fdt_node fdt_find(const struct fdt *fdt, const char *path)
{
	fdt_node node = *path == '/' ? FDT_ROOT : FDT_NO_NODE;

	while (*path == '/' && path[1] && node != FDT_NO_NODE) {
		size_t length = 0;

		path++;
		while (path[length] && path[length] != '/')
			length++;
		node = fdt_first_child(fdt, node);
		while (node != FDT_NO_NODE && !names_part(fdt_name(fdt, node), path, length))
			node = fdt_next_sibling(fdt, node);
		path += length;
	}
	return node;
}

size_t fdt_path(const struct fdt *fdt, fdt_node node, fdt_node *path, size_t max)
{
	struct token token;
	size_t depth = 0;

	for (size_t at = FDT_ROOT; at <= node && read_token(fdt, at, &token); at = token.next) {
		if (token.kind == FDT_END_NODE && depth-- < 2)
			break; /* the root's */
		if (token.kind != FDT_BEGIN_NODE)
			continue;
		if (depth < max)
			path[depth] = at;
		depth++;
		if (at == node)
			return depth <= max ? depth : 0;
	}
	return 0;
}

const void *fdt_property(const struct fdt *fdt, fdt_node node, const char *name, size_t *size)
{
	struct token token;

	if (node == FDT_NO_NODE || !read_token(fdt, node, &token))
		return NULL;
	/* A node's properties come before its children (5.4.2). */
	while (read_token(fdt, token.next, &token) &&
	       (token.kind == FDT_PROP || token.kind == FDT_NOP)) {
		if (token.kind == FDT_PROP && same(token.name, name)) {
			*size = token.size;
			return token.value;
		}
	}
	return NULL;
}

const char *fdt_string(const struct fdt *fdt, fdt_node node, const char *name)
{
	size_t size;
	const char *value = fdt_property(fdt, node, name, &size);

	return value && ends_inside(value, 0, size) ? value : NULL;
}

bool fdt_has_string(const struct fdt *fdt, fdt_node node, const char *name, const char *value)
{
	size_t size, at = 0;
	const char *list = fdt_property(fdt, node, name, &size);

	while (list && ends_inside(list, at, size)) {
		if (same(list + at, value))
			return true;
		while (list[at++])
			;
	}
	return false;
}

uint64_t fdt_number_at(const struct fdt *fdt, fdt_node node, const char *name, size_t at,
		       size_t cells, uint64_t fallback)
{
	size_t size = 0;
	const unsigned char *value = fdt_property(fdt, node, name, &size);

	if (!value || at > size / 4 || size / 4 - at < cells)
		return fallback;
	value += at * 4;
	if (cells == 1)
		return be32(value);
	return cells == 2 ? be64(value) : fallback;
}

uint64_t fdt_number(const struct fdt *fdt, fdt_node node, const char *name, size_t cells,
		    uint64_t fallback)
{
	return fdt_number_at(fdt, node, name, 0, cells, fallback);
}

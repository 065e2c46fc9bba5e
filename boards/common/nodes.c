/* SPDX-License-Identifier: 0BSD */
#include "nodes.h"

#define NODE_ID "numa-node-id"

/* One distance: from, to, and how far, a cell each. */
enum { FROM = 0, TO = 1, FAR = 2, CELLS = 3 };
#define MATRIX "distance-matrix"

/* The node that a CPU or memory is in; false if it does not say. */
static bool node_id(const struct fdt *fdt, fdt_node device, uint32_t *id)
{
	size_t size;

	if (!fdt_property(fdt, device, NODE_ID, &size) || size != 4)
		return false;
	*id = (uint32_t)fdt_number(fdt, device, NODE_ID, 1, 0);
	return true;
}

/* How many CPUs and memory nodes there are, and how many of these say in which node they are. */
struct told {
	size_t devices, with_node;
};

/* Counts one; false if its id is not one cell. */
static bool count(const struct fdt *fdt, fdt_node device, struct told *told)
{
	size_t size;
	bool with_node = fdt_property(fdt, device, NODE_ID, &size);

	told->devices++;
	told->with_node += with_node;
	return !with_node || size == 4;
}

static const char *check_cpus(const struct fdt *fdt, struct told *told)
{
	fdt_node cpu = FDT_NO_NODE;
	uint64_t hwid;

	while ((cpu = devicetree_next_cpu(fdt, cpu, NULL, &hwid)) != FDT_NO_NODE)
		if (!count(fdt, cpu, told))
			return "a CPU's numa-node-id in the device tree is not one cell: mend the "
			       "tree that is passed";
	return NULL;
}

static const char *check_memory(const struct fdt *fdt, struct told *told)
{
	fdt_node memory = FDT_NO_NODE;
	uint64_t start, size;

	while ((memory = devicetree_next_memory(fdt, memory)) != FDT_NO_NODE) {
		if (!count(fdt, memory, told))
			return "the numa-node-id of memory in the device tree is not one cell: "
			       "mend the tree that is passed";
		if (!devicetree_regions_readable(fdt, memory))
			return "the reg of memory in the device tree is not a list of addresses "
			       "and sizes: mend the tree that is passed";
		for (size_t i = devicetree_regions(fdt, memory); i > 0; i--) {
			start = devicetree_region(fdt, memory, i - 1, &size);
			if (size && size - 1 > UINT64_MAX - start)
				return "memory in the device tree goes beyond the last address: "
				       "mend the tree that is passed";
		}
	}
	return NULL;
}

static fdt_node first_reserved(const struct fdt *fdt)
{
	return fdt_first_child(fdt, fdt_find(fdt, "/reserved-memory"));
}

/* What cannot be read would be taken for free. */
static const char *check_reserved(const struct fdt *fdt)
{
	fdt_node region = first_reserved(fdt);

	for (; region != FDT_NO_NODE; region = fdt_next_sibling(fdt, region))
		if (!devicetree_regions_readable(fdt, region))
			return "the reg of reserved memory in the device tree is not a list of "
			       "addresses and sizes, or the ranges of /reserved-memory do not have "
			       "it: mend the tree that is passed";
	if (fdt_reservations(fdt) == SIZE_MAX)
		return "the device tree's list of reserved memory is not in the device tree, or "
		       "has no end there: mend the tree that is passed";
	return NULL;
}

static fdt_node distance_map(const struct fdt *fdt)
{
	return devicetree_compatible(fdt, "numa-distance-map-v1");
}

static uint32_t cell(const struct fdt *fdt, fdt_node map, size_t at)
{
	return (uint32_t)fdt_number_at(fdt, map, MATRIX, at, 1, 0);
}

/* Cells in the map: 0 if there is none. */
static size_t matrix_cells(const struct fdt *fdt, fdt_node map)
{
	size_t size;

	return fdt_property(fdt, map, MATRIX, &size) ? size / 4 : 0;
}

static bool same_cells(const unsigned char *a, const unsigned char *b, size_t cells)
{
	for (size_t i = 0; i < cells * sizeof(uint32_t); i++)
		if (a[i] != b[i])
			return false;
	return true;
}

/* Whether two triples have both nodes in common, in order, and not the distance. */
static bool contradict(const unsigned char *matrix, size_t cells)
{
	for (size_t i = 0; i < cells; i += CELLS)
		for (size_t j = 0; j < i; j += CELLS) {
			const unsigned char *a = matrix + i * sizeof(uint32_t);
			const unsigned char *b = matrix + j * sizeof(uint32_t);

			if (same_cells(a, b, FAR) && !same_cells(a, b, CELLS))
				return true;
		}
	return false;
}

static const char *check_distances(const struct fdt *fdt)
{
	fdt_node map = distance_map(fdt);
	const unsigned char *matrix;
	size_t size = 0;

	if (map == FDT_NO_NODE)
		return NULL;
	matrix = fdt_property(fdt, map, MATRIX, &size);
	if (!size || size % (CELLS * sizeof(uint32_t)))
		return "the device tree's distance-matrix is not a list of triples, from, to and "
		       "distance: mend the tree that is passed";
	for (size_t at = 0; at < size / 4; at += CELLS) {
		bool same = cell(fdt, map, at + FROM) == cell(fdt, map, at + TO);
		uint32_t far = cell(fdt, map, at + FAR);

		if (same ? far != BOARD_LOCAL : far <= BOARD_LOCAL)
			return "a distance in the device tree's distance-matrix is not 10 within a "
			       "node and more between two: mend the tree that is passed";
	}
	if (contradict(matrix, size / sizeof(uint32_t)))
		return "the device tree's distance-matrix has two distances from one node to "
		       "another: mend the tree that is passed";
	return NULL;
}

const char *devicetree_check_nodes(const struct fdt *fdt)
{
	struct told told = {0, 0};
	const char *error = check_cpus(fdt, &told);

	if (!error)
		error = check_memory(fdt, &told);
	if (!error && told.with_node && told.with_node != told.devices)
		error = "in the device tree some CPUs or memory have a numa-node-id, and others "
			"have none: mend the tree that is passed";
	if (!error)
		error = check_reserved(fdt);
	return error ? error : check_distances(fdt);
}

bool devicetree_node_of(const struct fdt *fdt, uint64_t hwid, uint32_t *node)
{
	fdt_node cpu = FDT_NO_NODE;
	bool found = false;
	uint64_t id;

	while ((cpu = devicetree_next_cpu(fdt, cpu, NULL, &id)) != FDT_NO_NODE) {
		uint32_t its = 0;

		if (id != hwid)
			continue;
		(void)node_id(fdt, cpu, &its);
		if (found && its != *node)
			return false;
		*node = its;
		found = true;
	}
	return found;
}

/* What is told for one direction only holds for both. */
uint32_t devicetree_distance(const struct fdt *fdt, uint32_t from, uint32_t to)
{
	fdt_node map = distance_map(fdt);
	uint32_t back = from == to ? BOARD_LOCAL : BOARD_REMOTE;
	size_t cells = matrix_cells(fdt, map);

	for (size_t at = 0; at < cells; at += CELLS) {
		uint32_t a = cell(fdt, map, at + FROM), b = cell(fdt, map, at + TO);

		if (a == from && b == to)
			return cell(fdt, map, at + FAR);
		if (a == to && b == from)
			back = cell(fdt, map, at + FAR);
	}
	return back;
}

/* A list being filled: what finds no room is counted. */
struct list {
	struct board_range *ranges;
	size_t max, count;
};

static void add(struct list *list, uint64_t start, uint64_t size, uint32_t node)
{
	if (list->count < list->max)
		list->ranges[list->count] = (struct board_range){start, size, node};
	list->count++;
}

/* All regions of DEVICE's "reg". */
static void add_regions(struct list *list, const struct fdt *fdt, fdt_node device, uint32_t node)
{
	uint64_t start, size;

	for (size_t i = 0, regions = devicetree_regions(fdt, device); i < regions; i++) {
		start = devicetree_region(fdt, device, i, &size);
		if (size)
			add(list, start, size, node);
	}
}

size_t devicetree_ram(const struct fdt *fdt, struct board_range *ranges, size_t max)
{
	struct list list = {ranges, max, 0};
	fdt_node memory = FDT_NO_NODE;

	while ((memory = devicetree_next_memory(fdt, memory)) != FDT_NO_NODE) {
		uint32_t node = 0;

		(void)node_id(fdt, memory, &node);
		add_regions(&list, fdt, memory, node);
	}
	return list.count;
}

/* The header's list and /reserved-memory (Devicetree Specification, 5.3 and 3.5). */
size_t devicetree_taken(const struct fdt *fdt, struct board_range *ranges, size_t max)
{
	struct list list = {ranges, max, 0};
	fdt_node region = first_reserved(fdt);
	size_t reservations = fdt_reservations(fdt);
	uint64_t start, size;

	add(&list, (uintptr_t)fdt->blob, fdt->size, 0);
	for (size_t i = 0; reservations != SIZE_MAX && i < reservations; i++) {
		start = fdt_reservation(fdt, i, &size);
		add(&list, start, size, 0);
	}
	for (; region != FDT_NO_NODE; region = fdt_next_sibling(fdt, region))
		add_regions(&list, fdt, region, 0);
	return list.count;
}

/* SPDX-License-Identifier: MIT */
/*
 * Device trees that no machine of ours has: disabled CPUs, wide ids, missing or malformed
 * properties, bad headers. It fails if a CPU is listed that cannot run, or that has no usable
 * number, or if a malformed thing does not look as if it were absent.
 */
#include <boards/common/devicetree.h>

#include <stdlib.h>
#include <string.h>

#include "common/tree.h"
#include "common/unit.h"

#define MAX 8

static struct tree tree;
static void *blob;
static struct fdt fdt;

static void start(uint32_t cpu_cells)
{
	tree = (struct tree){.structure_size = 0};
	tree_begin(&tree, "");
	tree_begin(&tree, "cpus");
	tree_cell(&tree, "#address-cells", cpu_cells);
}

/* A CPU as all are, up to what the caller adds before it ends the node. */
static void begin_cpu(const char *name, uint32_t number)
{
	tree_begin(&tree, name);
	tree_string(&tree, "device_type", "cpu");
	tree_cell(&tree, "reg", number);
}

static void finish(void)
{
	const char *error;

	tree_end(&tree);
	tree_token(&tree, 9);
	blob = tree_blob(&tree, STRINGS_LAST, NULL);
	error = fdt_open(&fdt, blob);
	if (error)
		tap_bail_out("fdt_open: %s", error);
}

static void finish_cpus(void)
{
	tree_end(&tree);
	finish();
}

static void close_tree(void)
{
	free(blob);
	tree_free(&tree);
}

static void disabled(void)
{
	static const char *const states[] = {"okay", "disabled", "ok",	  "fail",
					     "",     "fail-sss", "okay!", "okay"};
	uint64_t ids[MAX];

	start(1);
	for (uint32_t i = 0; i < 8; i++) {
		begin_cpu("cpu", i);
		tree_string(&tree, "status", states[i]);
		tree_end(&tree);
	}
	begin_cpu("cpu", 8);
	tree_end(&tree);
	finish_cpus();
	CHECK(devicetree_cpus(&fdt, NULL, ids, MAX) == 4);
	CHECK(ids[0] == 0 && ids[1] == 2 && ids[2] == 7 && ids[3] == 8);
	close_tree();
}

static void no_cpus(void)
{
	uint64_t ids[MAX];

	start(1);
	tree_begin(&tree, "cpu-map");
	tree_begin(&tree, "core0");
	tree_end(&tree);
	tree_end(&tree);
	tree_begin(&tree, "l2-cache");
	tree_string(&tree, "device_type", "cache");
	tree_cell(&tree, "reg", 7);
	tree_end(&tree);
	begin_cpu("cpu@3", 3);
	tree_end(&tree);
	finish_cpus();
	CHECK(devicetree_cpus(&fdt, NULL, ids, MAX) == 1 && ids[0] == 3);
	close_tree();
	tree_begin(&tree, "");
	finish();
	CHECK(devicetree_cpus(&fdt, NULL, ids, MAX) == 0);
	close_tree();
}

static void wide_ids(void)
{
	static const unsigned char id[8] = {0, 0, 0, 0x12, 0x80, 0, 1, 2};
	uint64_t ids[MAX];

	start(2);
	tree_begin(&tree, "cpu@1280000102");
	tree_property(&tree, "reg", id, sizeof(id));
	tree_string(&tree, "device_type", "cpu");
	tree_end(&tree);
	finish_cpus();
	CHECK(devicetree_cpus(&fdt, NULL, ids, MAX) == 1 && ids[0] == 0x1280000102);
	close_tree();
}

/* Listed as number 0 it would pass for another CPU. */
static void no_number(void)
{
	uint64_t ids[MAX];

	start(1);
	begin_cpu("cpu@5", 5);
	tree_end(&tree);
	tree_begin(&tree, "cpu");
	tree_string(&tree, "device_type", "cpu");
	tree_end(&tree);
	tree_begin(&tree, "cpu@6");
	tree_string(&tree, "device_type", "cpu");
	tree_property(&tree, "reg", "\0\0", 2);
	tree_end(&tree);
	tree_begin(&tree, "cpu@7");
	tree_string(&tree, "device_type", "cpu");
	tree_property(&tree, "reg", NULL, 0);
	tree_end(&tree);
	finish_cpus();
	CHECK(devicetree_cpus(&fdt, NULL, ids, MAX) == 1 && ids[0] == 5);
	close_tree();
}

static void skipped_words(void)
{
	uint64_t ids[MAX];

	start(1);
	tree_begin(&tree, "cpu@4");
	tree_token(&tree, 4);
	tree_string(&tree, "device_type", "cpu");
	tree_token(&tree, 4);
	tree_token(&tree, 4);
	tree_cell(&tree, "reg", 4);
	tree_token(&tree, 4);
	tree_end(&tree);
	tree_token(&tree, 4);
	finish_cpus();
	CHECK(devicetree_cpus(&fdt, NULL, ids, MAX) == 1 && ids[0] == 4);
	close_tree();
}

static void chosen(const char *unterminated, const char *console)
{
	tree = (struct tree){.structure_size = 0};
	tree_begin(&tree, "");
	tree_cell(&tree, "#address-cells", 1);
	tree_begin(&tree, "chosen");
	if (unterminated)
		tree_property(&tree, "bootargs", unterminated, strlen(unterminated));
	if (console)
		tree_string(&tree, "stdout-path", console);
	tree_end(&tree);
	tree_begin(&tree, "aliases");
	tree_string(&tree, "serial0", "/uart@1000");
	tree_string(&tree, "broken", "uart@1000");
	tree_end(&tree);
	tree_begin(&tree, "uart@1000");
	tree_property(&tree, "reg", "\0\0\x10\0\0\0\1\0", 8);
	tree_end(&tree);
	finish();
}

static void consoles(void)
{
	static const char *const good[] = {"/uart@1000", "/uart", "/uart:115200n8", "serial0",
					   "serial0:115200"};
	static const char *const bad[] = {"",	    ":",       "serial", "serial00",
					  "broken", "/uart@2", "/none",	 NULL};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		chosen(NULL, good[i]);
		CHECK(devicetree_address(&fdt, devicetree_console(&fdt)) == 0x1000);
		close_tree();
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		chosen(NULL, bad[i]);
		CHECK(devicetree_console(&fdt) == FDT_NO_NODE);
		close_tree();
	}
}

/* Cut to what the reader's buffer holds, this path is that of another node. */
static void long_path(void)
{
	char name[127], path[160];

	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	memset(path, 'x', sizeof(path));
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	tree_begin(&tree, "");
	tree_begin(&tree, name);
	tree_end(&tree);
	tree_begin(&tree, "chosen");
	tree_string(&tree, "stdout-path", path);
	tree_end(&tree);
	finish();
	CHECK(devicetree_console(&fdt) == FDT_NO_NODE);
	close_tree();
}

static void command_lines(void)
{
	chosen("a=1 b=2", NULL);
	CHECK(!devicetree_command_line(&fdt));
	close_tree();
	chosen("", NULL);
	CHECK(!*devicetree_command_line(&fdt));
	close_tree();
	chosen(NULL, NULL);
	CHECK(!*devicetree_command_line(&fdt));
	close_tree();
	tree_begin(&tree, "");
	tree_begin(&tree, "chosen");
	tree_string(&tree, "bootargs", "a=1 b=2");
	tree_end(&tree);
	finish();
	CHECK(!strcmp(devicetree_command_line(&fdt), "a=1 b=2"));
	close_tree();
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"CPUs that are not \"okay\" are not listed", disabled},
		{"what is not a CPU is not listed, and a tree may have none", no_cpus},
		{"ids of two cells are read whole", wide_ids},
		{"a CPU whose \"reg\" is absent or too short is not listed", no_number},
		{"words of no meaning are skipped", skipped_words},
		{"stdout-path is a path or an alias, up to a colon, or no console", consoles},
		{"an over-long stdout-path names no console", long_path},
		{"a command line is one terminated string, or empty, or none", command_lines},
	};

	UNIT_RUN(tests);
}

/* SPDX-License-Identifier: MIT */
/*
 * Damaged device trees: machines' trees cut off anywhere, or with one word changed. All of it is
 * walked, in memory that ends where the tree does. It fails if something outside is read (the
 * sanitizers see that), if a walk does not end, or if what is found lies outside or is more than
 * there is.
 */
#include <stdlib.h>
#include <string.h>

#include "common/tree.h"
#include "common/unit.h"

#define HOLDS CHECK
#include <tests/use_tree.h>

#define CORRUPTIONS 10000 /* of each tree */

static const char *const machines[] = {"riscv64-virt.dtb", "riscv64-sifive_u.dtb",
				       "aarch64-virt.dtb"};

/* Opens the blob if it can be, and uses it. Returns how many nodes it has. */
static size_t use_blob(const void *blob)
{
	uint64_t ids[4];
	struct fdt fdt;

	return fdt_open(&fdt, blob) ? 0 : use_tree(&fdt, "mmu-type", ids, 4);
}

/* A header that says that the tree is longer than it is must not be believed. */
static void cut_blobs(void)
{
	for (size_t m = 0; m < 3; m++) {
		struct tree tree;
		struct fdt fdt;
		size_t size;
		unsigned char *blob;

		tree_load(&tree, machines[m]);
		blob = tree_blob(&tree, STRUCTURE_LAST, &size);
		for (size_t cut = 40; cut < size; cut++) {
			unsigned char *part = malloc(cut);

			memcpy(part, blob, cut);
			tree_set_word(part + 4, (uint32_t)cut);
			CHECK(fdt_open(&fdt, part));
			free(part);
		}
		CHECK(!fdt_open(&fdt, blob));
		free(blob);
		tree_free(&tree);
	}
}

/*
 * Cuts the block whose bytes are counted at SIZE, which lies last, to each length up to the whole:
 * a longer block gives no fewer nodes.
 */
static void cut_block(const struct tree *tree, size_t *size, enum tree_last last)
{
	size_t whole = *size, most = 0, found;

	for (*size = 0; *size <= whole; ++*size) {
		void *blob = tree_blob(tree, last, NULL);

		found = use_blob(blob);
		CHECK(found >= most);
		most = found;
		free(blob);
	}
	CHECK(most > 20);
}

static void cut_structure(void)
{
	for (size_t m = 0; m < 3; m++) {
		struct tree tree;

		tree_load(&tree, machines[m]);
		cut_block(&tree, &tree.structure_size, STRUCTURE_LAST);
		tree_free(&tree);
	}
}

/* A property whose name is cut off ends the tree. */
static void cut_strings(void)
{
	for (size_t m = 0; m < 3; m++) {
		struct tree tree;

		tree_load(&tree, machines[m]);
		cut_block(&tree, &tree.strings_size, STRINGS_LAST);
		tree_free(&tree);
	}
}

/* xorshift64: the same numbers on every run. */
static uint64_t random_state = 0x1234567;

static uint32_t random_number(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 16);
}

/* Likely to hurt: tokens, small and huge sizes, single bits, anything. */
static uint32_t damage(uint32_t word)
{
	switch (random_number() % 4) {
	case 0:
		return random_number() % 10;
	case 1:
		return UINT32_MAX - random_number() % 16;
	case 2:
		return word ^ (uint32_t)1 << random_number() % 32;
	default:
		return random_number();
	}
}

/* Changes one word after another of the tree or its header, each put back before the next. */
static void changed_words(void)
{
	size_t used = 0;

	for (size_t m = 0; m < 3; m++) {
		struct tree tree;
		size_t size;
		unsigned char *blob;

		tree_load(&tree, machines[m]);
		blob = tree_blob(&tree, m % 2 ? STRINGS_LAST : STRUCTURE_LAST, &size);
		for (size_t i = 0; i < CORRUPTIONS; i++) {
			/* Not the total size: it alone says how much memory there is. */
			size_t range = i % 4 ? size / 4 - 2 : 8;
			unsigned char *at = blob + 4 * (2 + random_number() % range);
			uint32_t before = tree_word(at);

			tree_set_word(at, damage(before));
			used += use_blob(blob) > 0;
			tree_set_word(at, before);
		}
		free(blob);
		tree_free(&tree);
	}
	CHECK(used > CORRUPTIONS);
}

static void bad_headers(void)
{
	static const struct {
		size_t at;
		uint32_t value;
	} wrong[] = {{0, 0xedfe0dd0},
		     {0, 0},
		     {4, 39},
		     {4, FDT_MAX_SIZE + 1},
		     {4, UINT32_MAX},
		     {8, 42},
		     {8, UINT32_MAX - 3},
		     {12, UINT32_MAX},
		     {20, 16},
		     {24, 18},
		     {32, UINT32_MAX},
		     {36, UINT32_MAX}};
	struct tree tree;
	struct fdt fdt;
	unsigned char *blob;

	tree_load(&tree, machines[0]);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		blob = tree_blob(&tree, STRUCTURE_LAST, NULL);
		tree_set_word(blob + wrong[i].at, wrong[i].value);
		CHECK(fdt_open(&fdt, blob));
		free(blob);
	}
	blob = tree_blob(&tree, STRUCTURE_LAST, NULL);
	CHECK(fdt_open(&fdt, NULL) && fdt_open(&fdt, blob + 2));
	free(blob);
	tree_free(&tree);
}

/* If each name were looked at to its end, this would be the work of days. */
static void huge(void)
{
	enum { PROPERTIES = 500000 };
	struct tree tree = {.structure_size = 8 + 12 * PROPERTIES, .strings_size = 8 << 20};
	void *blob;

	tree.structure = calloc(1, tree.structure_size);
	tree.strings = malloc(tree.strings_size);
	memset(tree.strings, 'a', tree.strings_size - 1);
	tree.strings[tree.strings_size - 1] = '\0';
	tree_set_word(tree.structure, 1);
	for (size_t i = 0; i < PROPERTIES; i++) {
		tree_set_word(tree.structure + 8 + 12 * i, 3);
		tree_set_word(tree.structure + 16 + 12 * i, (uint32_t)i);
	}
	blob = tree_blob(&tree, STRINGS_LAST, NULL);
	CHECK(use_blob(blob) == 1);
	free(blob);
	tree_free(&tree);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"a blob shorter than its blocks is refused, at every length", cut_blobs},
		{"a structure block cut off anywhere is read no further", cut_structure},
		{"a strings block cut off anywhere is read no further", cut_strings},
		{"with any one word changed nothing outside is read", changed_words},
		{"a header of another format or that points outside is refused", bad_headers},
		{"a walk over a huge tree takes no longer than its size asks for", huge},
	};

	UNIT_RUN(tests);
}

/* SPDX-License-Identifier: MIT */
/*
 * boards/pc/multiboot2.c: what a multiboot 2 loader passes, and what one could. The information
 * lies at the end of memory: whoever reads behind it crashes (common/machine.h).
 */
#include "common/machine.h"

enum { END, COMMAND_LINE, NAME, MAP = 6, EFI32 = 11, EFI64 = 12, OLD_RSDP = 14, NEW_RSDP = 15 };

struct information {
	size_t size;
	unsigned char bytes[4096];
};

static struct loader result;

static struct information new_information(void)
{
	make_memory();
	return (struct information){.size = 8};
}

static void set32(unsigned char *at, uint32_t value)
{
	memcpy(at, &value, sizeof(value));
}

/* A tag that says that its size is SIZE, with BYTES of data. */
static void add_tag(struct information *to, uint32_t type, uint32_t size, const void *data,
		    size_t bytes)
{
	to->size = (to->size + 7) / 8 * 8;
	set32(to->bytes + to->size, type);
	set32(to->bytes + to->size + 4, size);
	memcpy(to->bytes + to->size + 8, data, bytes);
	to->size += 8 + bytes;
}

static void add(struct information *to, uint32_t type, const void *data, size_t bytes)
{
	add_tag(to, type, (uint32_t)(8 + bytes), data, bytes);
}

/* A map with one free page at 0x10000, and the next at 0x20000, in entries of ENTRY_SIZE. */
static void add_map(struct information *to, uint32_t entry_size)
{
	unsigned char map[8 + 2 * 32] = {0};

	set32(map, entry_size);
	for (uint32_t i = 0; i < 2; i++) {
		unsigned char *entry = map + 8 + (size_t)i * (entry_size == 32 ? 32 : 24);

		set32(entry, 0x10000 + 0x10000 * i);
		set32(entry + 8, 0x1000);
		set32(entry + 16, 1);
	}
	add(to, MAP, map, 8 + 2 * (entry_size == 32 ? 32 : 24));
}

/* The information says that it has TOTAL bytes. */
static const char *read_as(const struct information *from, uint32_t total)
{
	uint64_t address = PC_MAPPED - from->size;

	result = (struct loader){0};
	memcpy(memory(address), from->bytes, from->size);
	put32(address, total);
	return multiboot2_read(&result, address);
}

static void read_it(const struct information *from)
{
	CHECK(!read_as(from, (uint32_t)from->size));
}

static void all_of_it(void)
{
	struct information all = new_information();

	add(&all, 21, "\0\0\20", 4);
	add(&all, COMMAND_LINE, "seed=1", 7);
	add(&all, NAME, "GRUB 2.06", 10);
	add_map(&all, 24);
	add(&all, END, "", 0);
	read_it(&all);
	CHECK(!strcmp(result.command_line, "seed=1") && !strcmp(result.name, "GRUB 2.06"));
	CHECK(!strcmp(result.protocol, "multiboot2") && !result.efi && !result.has_rsdp);
	CHECK(starts_at(&result, 0x20000));
}

static void firmware(void)
{
	for (uint32_t type = EFI32; type <= EFI64; type++) {
		struct information efi = {.size = 8};

		if (type == EFI32)
			efi = new_information();
		add(&efi, type, "\1\2\3\4\5\6\7", 8);
		read_it(&efi);
		CHECK(result.efi);
	}
}

static void rsdps(void)
{
	static const char old[20] = "RSD PTR old", new[36] = "RSD PTR new";
	struct information only_old = new_information(), both = only_old, reversed = only_old;

	add(&only_old, OLD_RSDP, old, sizeof(old));
	read_it(&only_old);
	CHECK(result.has_rsdp && !memcmp(result.rsdp, old, sizeof(old)));
	add(&both, OLD_RSDP, old, sizeof(old));
	add(&both, NEW_RSDP, new, sizeof(new));
	read_it(&both);
	CHECK(result.has_rsdp && !memcmp(result.rsdp, new, sizeof(new)));
	add(&reversed, NEW_RSDP, new, sizeof(new));
	add(&reversed, OLD_RSDP, old, sizeof(old));
	read_it(&reversed);
	CHECK(result.has_rsdp && !memcmp(result.rsdp, new, sizeof(new)));
}

static void short_rsdps(void)
{
	static const char cut[35] = "RSD PTR ";
	struct information both = new_information();

	add(&both, OLD_RSDP, cut, 19);
	add(&both, NEW_RSDP, cut, 35);
	read_it(&both);
	CHECK(!result.has_rsdp);
}

static void strings(void)
{
	struct information all = new_information();
	char text[600];

	memset(text, 'x', sizeof(text));
	add(&all, NAME, text, sizeof(text));
	add(&all, COMMAND_LINE, "a=1\nb", 5);
	read_it(&all);
	CHECK(!strcmp(result.command_line, "a=1 b") && !result.command_line_cut);
	CHECK(strlen(result.name) == sizeof(result.name) - 1);
}

/* The last that fits, with and without its end in the tag, and the first that does not. */
static void long_lines(void)
{
	struct information all = new_information();
	char text[COMMAND_LINE_MAX + 2] = "";

	memset(text, 'x', COMMAND_LINE_MAX);
	for (size_t size = COMMAND_LINE_MAX; size <= sizeof(text); size++) {
		all.size = 8;
		text[COMMAND_LINE_MAX] = size == sizeof(text) ? 'x' : '\0';
		add(&all, COMMAND_LINE, text, size);
		read_it(&all);
		CHECK(result.command_line_cut == (size == sizeof(text)));
		CHECK(strlen(result.command_line) == COMMAND_LINE_MAX);
	}
}

static void no_information(void)
{
	struct information none = new_information();

	CHECK(multiboot2_read(&result, 0));
	for (none.size = 0; none.size < 8; none.size++)
		CHECK(multiboot2_read(&result, PC_MAPPED - none.size));
	for (uint32_t total = 0; total <= 8; total++)
		CHECK(!read_as(&none, total));
	CHECK(read_as(&none, 9) && read_as(&none, UINT32_MAX) && read_as(&none, 0x100001));
}

static void wrong_tags(void)
{
	static const uint32_t sizes[] = {0, 1, 7, 17, 0x7fffffff, UINT32_MAX, UINT32_MAX - 7};
	struct information first = new_information();

	add(&first, NAME, "GRUB", 5);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct information wrong = first;

		add_tag(&wrong, COMMAND_LINE, sizes[i], "a=1\0\0\0\0", 8);
		read_it(&wrong);
		CHECK(!strcmp(result.name, "GRUB") && !result.command_line[0]);
	}
}

static void wrong_maps(void)
{
	static const uint32_t sizes[] = {0, 1, 23, 57, UINT32_MAX};
	struct information none = new_information();

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct information wrong = none;

		add_map(&wrong, sizes[i]);
		read_it(&wrong);
		CHECK(starts_at(&result, 0));
	}
	add(&none, MAP, "\30\0\0", 4);
	read_it(&none);
	CHECK(starts_at(&result, 0));
}

static void long_entries(void)
{
	struct information map = new_information();

	add_map(&map, 32);
	read_it(&map);
	CHECK(starts_at(&result, 0x20000));
}

/* Whatever is missing, nothing behind the end is read, and nothing is made up. */
static void every_truncation(void)
{
	struct information all = new_information();

	add(&all, COMMAND_LINE, "seed=1", 7);
	add_map(&all, 24);
	add(&all, NEW_RSDP, "RSD PTR \0\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7\0\1\2", 36);
	for (size_t whole = all.size; all.size >= 8; all.size--) {
		read_it(&all);
		CHECK(result.has_rsdp == (all.size == whole));
		CHECK(!result.command_line[0] || !strcmp(result.command_line, "seed=1"));
	}
}

static void after_the_end(void)
{
	struct information all = new_information();

	add(&all, END, "", 0);
	add(&all, NAME, "GRUB", 5);
	read_it(&all);
	CHECK(!result.name[0]);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"tags that are known are read, others passed over", all_of_it},
		{"a tag with the EFI system table means UEFI", firmware},
		{"the new ACPI root pointer is preferred to the old", rsdps},
		{"an ACPI root pointer that is cut does not count", short_rsdps},
		{"a string ends where its tag or its room ends, and is one line", strings},
		{"C56 a command line that does not fit is said to be cut", long_lines},
		{"information that is not all in memory, or huge, is refused", no_information},
		{"a tag of a size that cannot be ends the list", wrong_tags},
		{"a map with entries of a size that cannot be does not count", wrong_maps},
		{"an entry may be longer than what is known of it", long_entries},
		{"information cut anywhere is read up to its end and no further", every_truncation},
		{"what follows the end tag is not read", after_the_end},
	};

	UNIT_RUN(tests);
}

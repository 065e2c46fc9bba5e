/* SPDX-License-Identifier: MIT */
/*
 * boards/pc/multiboot.c and loader.c: what a multiboot 1 loader passes, and what one could.
 * Whatever does not lie in memory must not be read (common/machine.h).
 */
#include "common/machine.h"

#define INFORMATION 0x9500u
#define MAP 0x9000u
#define TEXT 0x100000u

enum { MEMORY = 1 << 0, COMMAND_LINE = 1 << 2, MAP_GIVEN = 1 << 6, NAME = 1 << 9 };
enum { FREE = 1, RESERVED = 2 };

static struct loader result;

/* An entry at the end of a map of SIZE bytes; returns the map's size with it. */
static uint32_t add(uint32_t size, uint64_t base, uint64_t length, uint32_t type)
{
	put32(MAP + size, 20);
	put64(MAP + size + 4, base);
	put64(MAP + size + 12, length);
	put32(MAP + size + 20, type);
	return size + 24;
}

static void inform(uint32_t flags, uint32_t map, uint32_t map_size)
{
	put32(INFORMATION, flags);
	put32(INFORMATION + 4, 639); /* KiB */
	put32(INFORMATION + 44, map_size);
	put32(INFORMATION + 48, map);
}

static void read_map(uint32_t size)
{
	inform(MAP_GIVEN, MAP, size);
	CHECK(!multiboot_read(&result, INFORMATION));
}

static void all_of_it(void)
{
	uint32_t size;

	make_memory();
	size = add(0, 0, 0x9fc00, FREE);
	size = add(size, 0x9fc00, 0x400, RESERVED);
	size = add(size, 0x100000, 0xfef0000, FREE);
	inform(MEMORY | COMMAND_LINE | MAP_GIVEN | NAME, MAP, size);
	put32(INFORMATION + 16, TEXT);
	put32(INFORMATION + 64, TEXT + 32);
	put_text(TEXT, "seed=1");
	put_text(TEXT + 32, "GRUB 2.06");
	CHECK(!multiboot_read(&result, INFORMATION));
	CHECK(!strcmp(result.command_line, "seed=1") && !strcmp(result.name, "GRUB 2.06"));
	CHECK(!strcmp(result.protocol, "multiboot") && !result.efi && !result.has_rsdp);
	CHECK(starts_at(&result, 0x9e000));
}

static void what_flags_leave_out(void)
{
	make_memory();
	memset(memory(INFORMATION), 0xff, 68);
	put32(INFORMATION, 0);
	CHECK(!multiboot_read(&result, INFORMATION));
	CHECK(!result.name[0] && !result.command_line[0] && starts_at(&result, 0));
}

static void no_information(void)
{
	make_memory();
	memset(memory(PC_MAPPED - TOP_SIZE), 0xff, TOP_SIZE);
	for (unsigned bytes = 0; bytes < 68; bytes++)
		CHECK(multiboot_read(&result, PC_MAPPED - bytes));
	CHECK(multiboot_read(&result, 0));
}

static void strings(void)
{
	make_memory();
	inform(COMMAND_LINE | NAME, 0, 0);
	put32(INFORMATION + 16, PC_MAPPED - 5);
	put32(INFORMATION + 64, TEXT);
	memcpy(memory(PC_MAPPED - 5), "a=1\nb", 5);
	memset(memory(TEXT), 'x', 1000);
	CHECK(!multiboot_read(&result, INFORMATION));
	CHECK(!strcmp(result.command_line, "a=1 b"));
	CHECK(strlen(result.name) == sizeof(result.name) - 1);
	put32(INFORMATION + 16, 0);
	result = (struct loader){0};
	CHECK(!multiboot_read(&result, INFORMATION));
	CHECK(!result.command_line[0]);
}

/* The last that fits, and the first that does not. */
static void long_lines(void)
{
	make_memory();
	inform(COMMAND_LINE, 0, 0);
	put32(INFORMATION + 16, TEXT);
	memset(memory(TEXT), 'x', COMMAND_LINE_MAX);
	result = (struct loader){0};
	CHECK(!multiboot_read(&result, INFORMATION) && !result.command_line_cut);
	CHECK(strlen(result.command_line) == COMMAND_LINE_MAX);
	CHECK(!loader_init(0x2badb002, INFORMATION, 0x1000000, 0x2000000));
	put_text(TEXT + COMMAND_LINE_MAX, "x");
	CHECK(!multiboot_read(&result, INFORMATION) && result.command_line_cut);
	CHECK(strstr(loader_init(0x2badb002, INFORMATION, 0x1000000, 0x2000000),
		     "longer than the 2047 characters"));
}

/* Then what counts is how much memory there is from 0 on. */
static void map_outside(void)
{
	static const uint32_t at[][2] = {
		{0xfffffff0, 0x1000}, {MAP, UINT32_MAX}, {0, 96}, {0x80000000, 0x80000001}};

	make_memory();
	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		result = (struct loader){0};
		inform(MEMORY | MAP_GIVEN, at[i][0], at[i][1]);
		CHECK(!multiboot_read(&result, INFORMATION));
		CHECK(starts_at(&result, 0x9e000));
	}
}

static void wrong_entries(void)
{
	static const uint32_t sizes[] = {0, 4, 19, 21 + 24, UINT32_MAX, UINT32_MAX - 3};

	make_memory();
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		uint32_t size = add(add(0, 0x10000, 0x1000, FREE), 0x20000, 0x1000, FREE);

		result = (struct loader){0};
		put32(MAP + 24, sizes[i]);
		read_map(size);
		CHECK(starts_at(&result, 0x10000));
	}
}

static void long_entries(void)
{
	make_memory();
	(void)add(0, 0x10000, 0x1000, FREE);
	put32(MAP, 28);
	read_map(add(32, 0x20000, 0x1000, FREE));
	CHECK(starts_at(&result, 0x20000));
}

static void half_an_entry(void)
{
	make_memory();
	read_map(add(add(0, 0x10000, 0x1000, FREE), 0x20000, 0x1000, FREE) - 1);
	CHECK(starts_at(&result, 0x10000));
}

static void pages(void)
{
	uint32_t size = 0;

	make_memory();
	size = add(size, 0x8001, 0x1fff, FREE);		     /* page 9 */
	size = add(size, 0xb000, 0xfff, FREE);		     /* no whole page */
	size = add(size, 0, 0x1000, FREE);		     /* the BIOS's */
	size = add(size, 0xc000, 0, FREE);		     /* nothing */
	size = add(size, 0xa0000, UINT64_MAX, FREE);	     /* not low */
	size = add(size, UINT64_MAX - 0xfff, 0xa0000, FREE); /* wraps */
	read_map(size);
	CHECK(starts_at(&result, 0x9000));
}

static void endless_range(void)
{
	make_memory();
	read_map(add(0, 0x2000, UINT64_MAX, FREE));
	CHECK(starts_at(&result, 0x9f000));
}

static void taken_and_free(void)
{
	uint32_t size = 0;

	make_memory();
	size = add(size, 0x20fff, 1, RESERVED);
	size = add(size, 0x10000, 0x12000, FREE);
	size = add(size, 0x21001, 0xffe, 99);
	read_map(size);
	CHECK(starts_at(&result, 0x1f000));
}

static void other_magic(void)
{
	make_memory();
	CHECK(loader_init(0x2badb003, INFORMATION, 0x100000, 0x200000));
	CHECK(!loader_init(0x2badb002, INFORMATION, 0x100000, 0x200000));
	CHECK(!strcmp(loader()->protocol, "multiboot") && pc_low_page() == 0);
}

static void kernel_reserved(void)
{
	static const uint64_t at[][3] = {/* base, length, whether that is the kernel's */
					 {0xff000, 0x1000, false}, {0xff000, 0x1001, true},
					 {0x1fffff, 1, true},	   {0x200000, 0x1000, false},
					 {0, UINT64_MAX, true},	   {0x1fffff, UINT64_MAX, true},
					 {0x150000, 0x1000, true}, {0x200000, UINT64_MAX, false}};

	make_memory();
	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		uint32_t size = add(add(0, 0, 0x10000000, FREE), at[i][0], at[i][1], RESERVED);

		inform(MAP_GIVEN, MAP, size);
		CHECK((loader_init(0x2badb002, INFORMATION, 0x100000, 0x200000) != NULL) ==
		      (at[i][2] != 0));
	}
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"what the flags announce is read", all_of_it},
		{"what the flags do not announce is not read", what_flags_leave_out},
		{"information that is not all in memory is refused", no_information},
		{"a string ends where memory or its room ends, and is one line", strings},
		{"C56 a command line that does not fit is said to be cut", long_lines},
		{"a map that is not in memory, or huge, is as good as none", map_outside},
		{"an entry of a size that cannot be ends the map", wrong_entries},
		{"an entry may be longer than what is known of it", long_entries},
		{"an entry that the map's end cuts is not read", half_an_entry},
		{"C15 only whole pages below 640 KiB, and not page 0, are free", pages},
		{"C15 a range that would pass the end of addresses ends there", endless_range},
		{"C15 a page that one entry takes is taken, whatever others say", taken_and_free},
		{"a loader that follows no multiboot is refused", other_magic},
		{"memory that is not free must not be the kernel's", kernel_reserved},
	};

	UNIT_RUN(tests);
}

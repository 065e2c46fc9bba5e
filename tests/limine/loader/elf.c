/* SPDX-License-Identifier: 0BSD */
#include "elf.h"

#include <kernels/common/kernel.h>

#include "loader.h"

#define PT_LOAD 1
#define PF_X 1u
#define PF_W 2u

/* What the protocol takes: at or above this. */
#define LOWEST 0xffffffff80000000

struct header {
	uint32_t magic;
	uint8_t identification[12];
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, program_headers, section_headers;
	uint32_t flags;
	uint16_t size, program_header_size, program_header_count;
};

struct segment {
	uint32_t type, flags;
	uint64_t offset, address, physical, file_size, size, align;
};

static const struct segment *segment_of(const char *file, size_t number)
{
	const struct header *header = (const void *)file;

	return (const void *)(file + header->program_headers +
			      number * header->program_header_size);
}

static size_t segment_count(const char *file)
{
	const struct header *header = (const void *)file;

	if (header->magic != 0x464c457f)
		tap_bail_out("the loader finds no ELF file at %p: see tests/limine/limine.mk",
			     file);
	return header->program_header_count;
}

uint64_t elf_entry(const char *file)
{
	return ((const struct header *)(const void *)file)->entry;
}

/* One segment, whose page is at PAGES. Volatile: the compiler makes no call of memcpy of it. */
static void load(const char *file, const struct segment *segment, uint64_t pages)
{
	volatile char *to = (volatile char *)(pages + segment->address % PAGE);

	for (uint64_t i = 0; i < segment->size; i++)
		to[i] = i < segment->file_size ? file[segment->offset + i] : (char)0;
	map(segment->address - segment->address % PAGE, pages,
	    segment->address % PAGE + segment->size, segment->flags & PF_W, segment->flags & PF_X);
}

uint64_t elf_load(const char *file, uint64_t image)
{
	uint64_t base = 0, size = 0;

	for (size_t i = 0; i < segment_count(file); i++) {
		const struct segment *segment = segment_of(file, i);
		uint64_t start = segment->address - segment->address % PAGE;

		if (segment->type != PT_LOAD || !segment->size)
			continue;
		if (segment->address < LOWEST)
			tap_bail_out("a segment at %lx is not in the last 2 GiB", segment->address);
		base = base ? base : start;
		if (start < base + size)
			tap_bail_out("the segment at %lx shares a page with the one before: each "
				     "with rights of its own starts on a page",
				     segment->address);
		load(file, segment, image + start - base);
		size = segment->address + segment->size - base;
	}
	return (size + PAGE - 1) & -(uint64_t)PAGE;
}

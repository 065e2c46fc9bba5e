/* SPDX-License-Identifier: 0BSD */
/*
 * A relocatable file of the ELF specification's (System V ABI, "Object Files"), of 64 bits and
 * little-endian: as it lies in memory.
 */
#ifndef ELF_H
#define ELF_H

#include <stdint.h>

struct elf_header {
	uint8_t identity[16]; /* 0x7f E L F, class, byte order, version */
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, program_headers, section_headers;
	uint32_t flags;
	uint16_t size, program_header_size, program_header_count;
	uint16_t section_header_size, section_count, names;
};

#define ELF_IDENTITY "\177ELF\2\1\1"
#define ELF_RELOCATABLE 1

struct elf_section {
	uint32_t name, type;
	uint64_t flags, address, offset, size;
	uint32_t link, info;
	uint64_t alignment, entry_size;
};

enum {
	SECTION_CONTENTS = 1,
	SECTION_SYMBOLS = 2,
	SECTION_STRINGS = 3,
	SECTION_RELA = 4,
	SECTION_NOTE = 7,
	SECTION_NO_CONTENTS = 8,
	SECTION_REL = 9,
};
enum { SECTION_ALLOCATED = 2, SECTION_CODE = 4 };

struct elf_symbol {
	uint32_t name;
	uint8_t info, other;
	uint16_t section;
	uint64_t value, size;
};

enum { SYMBOL_UNDEFINED = 0, SYMBOL_ABSOLUTE = 0xfff1 };
#define SYMBOL_TYPE(symbol) ((symbol)->info & 15)
enum { SYMBOL_OF_SECTION = 3 };

struct elf_rela {
	uint64_t offset;
	uint32_t type, symbol; /* little-endian: the two halves of r_info */
	int64_t addend;
};

#endif

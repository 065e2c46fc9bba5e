/* SPDX-License-Identifier: 0BSD */
/*
 * The parts of a module's file. It may be cut off, or damaged: nothing is read before it is known
 * to be there, and aligned. What is found here stays valid, for nothing writes to the file.
 */
#include <arch/relocate.h>

#include "loader.h"

bool module_refuse(struct module *module, const char *format, ...)
{
	va_list list;

	module->error = (struct line){.length = 0};
	va_start(list, format);
	line_add_list(&module->error, format, list);
	va_end(list);
	return false;
}

bool same_text(const char *a, const char *b)
{
	for (; *a && *a == *b; a++, b++)
		;
	return *a == *b;
}

bool begins_with(const char *text, const char *with)
{
	while (*with)
		if (*text++ != *with++)
			return false;
	return true;
}

/* Whether the file has SIZE bytes at OFFSET, aligned to 8 if ALIGNED. */
static bool has(const struct module *module, uint64_t offset, uint64_t size, bool aligned)
{
	return offset <= module->size && size <= module->size - offset &&
	       (!aligned || offset % 8 == 0);
}

const void *section_contents(const struct module *module, const struct elf_section *section)
{
	return module->file + section->offset;
}

/* The string at OFFSET of the section NUMBER, which ends with a '\0': check_section. */
static const char *string(const struct module *module, size_t number, uint64_t offset)
{
	const struct elf_section *section = &module->sections[number];

	return offset < section->size ? (const char *)section_contents(module, section) + offset
				      : "(no name)";
}

static const struct elf_header *header(const struct module *module)
{
	return (const struct elf_header *)(const void *)module->file;
}

const char *section_name(const struct module *module, const struct elf_section *section)
{
	return string(module, header(module)->names, section->name);
}

static bool check_header(struct module *module)
{
	const struct elf_header *elf = header(module);

	if (!has(module, 0, sizeof(*elf), true))
		return module_refuse(module, "the file has %zu bytes, less than an ELF header",
				     module->size);
	for (size_t i = 0; i < sizeof(ELF_IDENTITY) - 1; i++)
		if (elf->identity[i] != (uint8_t)ELF_IDENTITY[i])
			return module_refuse(module, "the file is no ELF file of 64 bits, "
						     "little-endian");
	if (elf->type != ELF_RELOCATABLE)
		return module_refuse(module,
				     "the file is no relocatable ELF file, but of type %u: "
				     "compile with -c, or link with -r",
				     (unsigned)elf->type);
	if (elf->machine != arch_elf_machine)
		return module_refuse(module, "the file is for another machine: %u, not %u",
				     (unsigned)elf->machine, arch_elf_machine);
	return true;
}

static bool find_sections(struct module *module)
{
	const struct elf_header *elf = header(module);

	if (elf->section_header_size != sizeof(struct elf_section) ||
	    !has(module, elf->section_headers,
		 (uint64_t)elf->section_count * sizeof(struct elf_section), true))
		return module_refuse(module,
				     "the table of sections, %u at %lx, is not in the file, "
				     "%zu bytes: it is cut off, or damaged",
				     (unsigned)elf->section_count, elf->section_headers,
				     module->size);
	if (elf->section_count > MODULE_SECTIONS)
		return module_refuse(module,
				     "the file has %u sections, and this loader has room for "
				     "%u: raise MODULE_SECTIONS",
				     (unsigned)elf->section_count, MODULE_SECTIONS);
	module->sections =
		(const struct elf_section *)(const void *)(module->file + elf->section_headers);
	module->section_count = elf->section_count;
	return true;
}

/* Whether the section NUMBER is one of strings, whole, and with an end. */
static bool has_strings(const struct module *module, size_t number)
{
	const struct elf_section *section;

	if (number >= module->section_count)
		return false;
	section = &module->sections[number];
	return section->type == SECTION_STRINGS && section->size > 0 &&
	       has(module, section->offset, section->size, false) &&
	       module->file[section->offset + section->size - 1] == '\0';
}

/* The size of what the section is a table of; 1 if of nothing. */
static size_t entry_size(const struct elf_section *section)
{
	if (section->type == SECTION_SYMBOLS)
		return sizeof(struct elf_symbol);
	return section->type == SECTION_RELA ? sizeof(struct elf_rela) : 1;
}

static bool check_section(struct module *module, const struct elf_section *section)
{
	size_t entry = entry_size(section);

	if (section->type != SECTION_NO_CONTENTS &&
	    !has(module, section->offset, section->size, entry > 1))
		return module_refuse(module,
				     "section %s, %lu bytes at %lx, is not in the file, %zu "
				     "bytes: it is cut off, or damaged",
				     section_name(module, section), section->size, section->offset,
				     module->size);
	if (section->size % entry || (entry > 1 && section->entry_size != entry))
		return module_refuse(module, "section %s, %lu bytes, has not entries of %zu bytes",
				     section_name(module, section), section->size, entry);
	if (section->alignment & (section->alignment - 1))
		return module_refuse(module, "section %s is aligned to %lu, no power of two",
				     section_name(module, section), section->alignment);
	return true;
}

static bool find_symbols(struct module *module)
{
	for (size_t i = 0; i < module->section_count; i++) {
		const struct elf_section *section = &module->sections[i];

		if (!check_section(module, section))
			return false;
		if (section->type == SECTION_SYMBOLS)
			module->symbols = section;
	}
	if (!module->symbols)
		return module_refuse(module, "the file has no table of symbols: do not strip it");
	if (!has_strings(module, module->symbols->link))
		return module_refuse(module, "the names of symbols are not in the file: it is cut "
					     "off, or damaged");
	return true;
}

bool module_open(struct module *module, const char *file, size_t size)
{
	module->file = file;
	module->size = size;
	module->symbols = NULL;
	if (!check_header(module) || !find_sections(module))
		return false;
	if (!has_strings(module, header(module)->names))
		return module_refuse(module, "the names of sections are not in the file: it is cut "
					     "off, or damaged");
	return find_symbols(module);
}

const struct elf_symbol *module_symbol(struct module *module, size_t number)
{
	size_t count = module->symbols->size / sizeof(struct elf_symbol);

	if (number >= count) {
		module_refuse(module, "there is no symbol %zu: the file has %zu", number, count);
		return NULL;
	}
	return (const struct elf_symbol *)section_contents(module, module->symbols) + number;
}

const char *symbol_name(const struct module *module, const struct elf_symbol *symbol)
{
	if (SYMBOL_TYPE(symbol) == SYMBOL_OF_SECTION && symbol->section < module->section_count)
		return section_name(module, &module->sections[symbol->section]);
	return string(module, module->symbols->link, symbol->name);
}

/* SPDX-License-Identifier: 0BSD */
/*
 * Symbols and relocations. A per-CPU variable of the module has its address in template space for
 * its symbol, as one of the kernel's has, and every instruction finds the right copy; contents are
 * changed in the loader's image of them, which every CPU gets a copy of. So what depends on its own
 * place has no business there: the place is another one on each CPU.
 */
#include <arch/relocate.h>

#include "loader.h"

bool symbol_address(struct module *module, const struct elf_symbol *symbol, uintptr_t *address)
{
	const char *name = symbol_name(module, symbol);

	if (SYMBOL_TYPE(symbol) > SYMBOL_OF_SECTION)
		return module_refuse(module,
				     "symbol %s is of type %u, which this loader does not know: it "
				     "knows data and functions",
				     name, SYMBOL_TYPE(symbol));
	if (symbol->section == SYMBOL_ABSOLUTE) {
		*address = symbol->value;
		return true;
	}
	if (symbol->section == SYMBOL_UNDEFINED) {
		*address = kernel_symbol(name);
		return *address ||
		       module_refuse(module, "symbol %s is nothing that the kernel exports", name);
	}
	if (symbol->section >= module->section_count || !module->places[symbol->section].contents)
		return module_refuse(module,
				     "symbol %s is in section number %u, which is not loaded: "
				     "compile with -fno-common",
				     name, (unsigned)symbol->section);
	if (symbol->value > module->sections[symbol->section].size)
		return module_refuse(module, "symbol %s, %lx, lies behind the end of section %s",
				     name, symbol->value,
				     section_name(module, &module->sections[symbol->section]));
	*address = module->places[symbol->section].address + symbol->value;
	return true;
}

/* A section of relocations, and where what they change is. */
struct relocations {
	const struct elf_section *section, *target;
	const struct elf_rela *entries;
	size_t count;
	char *contents;
	uintptr_t address;
	enum part part;
};

/* Symbol and addend. The symbol 0 is none: 0. */
static bool value_of(struct module *module, const struct elf_rela *rela, uint64_t *value)
{
	const struct elf_symbol *symbol = module_symbol(module, rela->symbol);
	uintptr_t address = 0;

	if (!symbol || (rela->symbol && !symbol_address(module, symbol, &address)))
		return false;
	*value = address + (uint64_t)rela->addend;
	return true;
}

/* Whether it is of one of the kernel's near variables: the module has none. */
static bool is_near(struct module *module, const struct elf_rela *rela)
{
	const struct elf_symbol *symbol = module_symbol(module, rela->symbol);

	return symbol->section == SYMBOL_UNDEFINED &&
	       begins_with(symbol_name(module, symbol), "__percpu_near.");
}

/* The relocation whose place is the symbol of RELA, which has the other part of the distance. */
static bool find_high(struct module *module, const struct relocations *all,
		      const struct elf_rela *rela, struct relocation *relocation)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct relocation_kind *kind = arch_relocation_kind(all->entries[i].type);

		relocation->high = all->address + all->entries[i].offset;
		if (kind && kind->high && relocation->high == relocation->value)
			return value_of(module, &all->entries[i], &relocation->value);
	}
	return module_refuse(module,
			     "relocation %s at %lx of section %s has not its first half at %lx",
			     relocation->kind->name, rela->offset,
			     section_name(module, all->target), relocation->value);
}

static bool refuse_relocation(struct module *module, const struct relocations *all,
			      const struct elf_rela *rela, const char *why)
{
	const struct relocation_kind *kind = arch_relocation_kind(rela->type);
	const struct elf_symbol *symbol = module_symbol(module, rela->symbol);

	return module_refuse(module, "relocation %s (%u) at %lx of section %s, of symbol %s: %s",
			     kind ? kind->name : "of unknown type", rela->type, rela->offset,
			     section_name(module, all->target),
			     rela->symbol && symbol ? symbol_name(module, symbol) : "(none)", why);
}

static bool relocate_one(struct module *module, const struct relocations *all,
			 const struct elf_rela *rela)
{
	struct relocation relocation = {.kind = arch_relocation_kind(rela->type)};
	const struct relocation_kind *kind = relocation.kind;
	uint64_t room = all->target->size;
	const char *error;

	if (!kind)
		return refuse_relocation(module, all, rela, "this loader does not know it");
	if (rela->offset > room || kind->bytes > room - rela->offset)
		return refuse_relocation(module, all, rela, "the section is shorter");
	if (all->part == PART_VARIABLES && kind->relative)
		return refuse_relocation(module, all, rela,
					 "a per-CPU variable has no distance to anything: each CPU "
					 "has it elsewhere; let it hold an address");
	if (!value_of(module, rela, &relocation.value))
		return false;
	if (kind->wants_high && !find_high(module, all, rela, &relocation))
		return false;
	relocation.at = (uint8_t *)all->contents + rela->offset;
	relocation.place = all->address + rela->offset;
	relocation.addend = rela->addend;
	relocation.near = is_near(module, rela);
	relocation.last = rela->offset + (uint64_t)rela->addend == room;
	error = arch_relocate(&relocation);
	return !error || refuse_relocation(module, all, rela, error);
}

static bool relocate_section(struct module *module, const struct elf_section *section)
{
	struct relocations all = {.section = section};

	if (section->info >= module->section_count ||
	    section->link != (size_t)(module->symbols - module->sections))
		return module_refuse(module,
				     "section %s has relocations for section number %u, by the "
				     "symbols of section %u, and these are not there",
				     section_name(module, section), section->info, section->link);
	all.contents = module->places[section->info].contents;
	if (!all.contents)
		return true; /* of debugging sections and the like */
	all.target = &module->sections[section->info];
	all.address = module->places[section->info].address;
	all.part = module->places[section->info].part;
	all.entries = section_contents(module, section);
	all.count = section->size / sizeof(*all.entries);
	if (all.target->type == SECTION_NO_CONTENTS)
		return module_refuse(module, "section %s has relocations for %s, without contents",
				     section_name(module, section),
				     section_name(module, all.target));
	for (size_t i = 0; i < all.count; i++)
		if (!relocate_one(module, &all, &all.entries[i]))
			return false;
	return true;
}

bool module_relocate(struct module *module)
{
	for (size_t i = 0; i < module->section_count; i++) {
		const struct elf_section *section = &module->sections[i];

		if (section->type == SECTION_REL && section->size)
			return module_refuse(module,
					     "section %s has relocations without addends: this "
					     "loader takes SHT_RELA only",
					     section_name(module, section));
		if (section->type == SECTION_RELA && !relocate_section(module, section))
			return false;
	}
	return true;
}

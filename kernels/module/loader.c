/* SPDX-License-Identifier: 0BSD */
/*
 * Loading and unloading: what the library is told of a module, and when. The memory is one array,
 * in which the sections lie by kind: a table of restartable sequences must be whole, and so must
 * the initial values of per-CPU variables. It is executable as all RAM is to these kernels.
 */
#include "loader.h"

#include <arch/relocate.h>

static char memory[MODULE_ROOM] __attribute__((aligned(4096)));
static bool memory_in_use;

/* ---- Where the sections go ---- */

/*
 * Near variables lie in a window of the kernel's, and code reaches them by the lowest bits of their
 * address alone: with another address for a symbol it would silently reach a variable of the
 * kernel's. Only percpu.ld makes that window.
 */
static bool part_of(struct module *module, const struct elf_section *section, enum part *part)
{
	const char *name = section_name(module, section);

	if (begins_with(name, "percpu_sequences"))
		*part = PART_SEQUENCES;
	else if (begins_with(name, ".percpu.far.") || begins_with(name, ".percpu.page."))
		*part = PART_VARIABLES;
	else if (section->flags & SECTION_CODE)
		*part = PART_CODE;
	else
		*part = PART_DATA;
	if (begins_with(name, ".percpu") && *part != PART_VARIABLES)
		return module_refuse(module,
				     "section %s: a module cannot have near per-CPU variables: "
				     "define it with PERCPU_DEFINE_FAR or PERCPU_DEFINE_PAGE",
				     name);
	return true;
}

/* Lists of functions that somebody has to call are what this loader does not know. */
static bool is_known(const struct elf_section *section, const char *name)
{
	bool plain = section->type == SECTION_CONTENTS || section->type == SECTION_NO_CONTENTS ||
		     section->type == SECTION_NOTE;

	return plain && !begins_with(name, "percpu_constructors") && !begins_with(name, ".ctors") &&
	       !begins_with(name, ".dtors");
}

static bool check_parts(struct module *module)
{
	for (size_t i = 0; i < module->section_count; i++) {
		const struct elf_section *section = &module->sections[i];

		module->places[i].contents = NULL;
		if (!(section->flags & SECTION_ALLOCATED) || !section->size)
			continue;
		if (!is_known(section, section_name(module, section)))
			return module_refuse(module,
					     "section %s, of type %u: this loader knows contents, "
					     "zeros and notes, and calls no constructors",
					     section_name(module, section), section->type);
		if (!part_of(module, section, &module->places[i].part))
			return false;
	}
	return true;
}

/* Its place in memory, behind what there is: END moves. */
static bool place(struct module *module, size_t number, char **end)
{
	const struct elf_section *section = &module->sections[number];
	size_t alignment = section->alignment > 1 ? section->alignment : 1;
	size_t room = (size_t)(memory + sizeof(memory) - *end);
	size_t skipped = -(uintptr_t)*end & (alignment - 1);

	if (alignment > 4096 || skipped > room || section->size > room - skipped)
		return module_refuse(module,
				     "section %s, %lu bytes aligned to %lu: of the room for "
				     "modules %zu bytes are left: raise MODULE_ROOM",
				     section_name(module, section), section->size,
				     section->alignment, room);
	module->places[number].contents = *end + skipped;
	module->places[number].address = (uintptr_t)(*end + skipped);
	*end += skipped + section->size;
	if (module->parts[module->places[number].part].alignment < alignment)
		module->parts[module->places[number].part].alignment = alignment;
	return true;
}

/* Each part starts on a page: variables lie in it as in memory that is aligned to a page. */
static bool place_part(struct module *module, enum part part, char **end)
{
	*end += -(uintptr_t)*end & 4095;
	module->parts[part].first = *end;
	module->parts[part].alignment = 1;
	for (size_t i = 0; i < module->section_count; i++) {
		const struct elf_section *section = &module->sections[i];

		if (section->flags & SECTION_ALLOCATED && section->size &&
		    module->places[i].part == part && !place(module, i, end))
			return false;
	}
	module->parts[part].last = *end;
	return true;
}

static void copy_sections(struct module *module)
{
	for (size_t i = 0; i < module->section_count; i++) {
		const struct elf_section *section = &module->sections[i];
		const char *from = section->type == SECTION_NO_CONTENTS
					   ? NULL
					   : section_contents(module, section);
		char *to = module->places[i].contents;

		for (size_t n = 0; to && n < section->size; n++)
			to[n] = from ? from[n] : '\0';
	}
}

static size_t size_of(const struct module *module, enum part part)
{
	return (size_t)(module->parts[part].last - module->parts[part].first);
}

/* ---- Per-CPU variables and restartable sequences ---- */

/* Room for the variables, whose symbols are in template space. */
static bool make_variables(struct module *module)
{
	size_t size = size_of(module, PART_VARIABLES);
	int error;

	if (!size)
		return true;
	error = percpu_module_alloc(&module->variables, size,
				    module->parts[PART_VARIABLES].alignment);
	if (error)
		return module_refuse(module, "sections .percpu, %zu bytes aligned to %zu: %s", size,
				     module->parts[PART_VARIABLES].alignment,
				     percpu_strerror(error));
	module->has_variables = true;
	for (size_t i = 0; i < module->section_count; i++)
		if (module->places[i].contents && module->places[i].part == PART_VARIABLES)
			module->places[i].address = module->variables.address +
						    (size_t)(module->places[i].contents -
							     module->parts[PART_VARIABLES].first);
	return true;
}

static bool publish_variables(struct module *module)
{
	int error;

	if (!module->has_variables)
		return true;
	error = percpu_module_publish(&module->variables, module->parts[PART_VARIABLES].first);
	return !error || module_refuse(module, "sections .percpu: %s", percpu_strerror(error));
}

/* Before its code runs: from the first operation on a trap must find the table. */
static bool add_sequences(struct module *module)
{
	int error =
		percpu_sequences_add(&module->sequences, module->parts[PART_SEQUENCES].first,
				     module->parts[PART_SEQUENCES].last,
				     module->parts[PART_CODE].first, module->parts[PART_CODE].last);

	if (error)
		return module_refuse(module, "sections percpu_sequences: %s",
				     percpu_strerror(error));
	module->has_sequences = true;
	return true;
}

/* Whether it is whole, where data is, and begins as that of this configuration does: loaded.h. */
static bool check_interface(struct module *module, const struct elf_symbol *symbol)
{
	const struct module_interface *interface;
	uintptr_t address;

	if (symbol->section == SYMBOL_ABSOLUTE || !symbol_address(module, symbol, &address))
		return false;
	interface = (const struct module_interface *)address; /* NOLINT: where it was loaded */
	if (module->places[symbol->section].part != PART_DATA ||
	    address % _Alignof(struct module_interface) ||
	    module->sections[symbol->section].size - symbol->value < sizeof(*interface))
		return false;
	module->interface = interface;
	return interface->configuration == percpu_area_num;
}

static bool find_interface(struct module *module)
{
	size_t count = module->symbols->size / sizeof(struct elf_symbol);

	for (size_t i = 1; i < count; i++) {
		const struct elf_symbol *symbol = module_symbol(module, i);

		if (symbol->section == SYMBOL_UNDEFINED ||
		    !same_text(symbol_name(module, symbol), "module_interface"))
			continue;
		return check_interface(module, symbol) ||
		       module_refuse(module, "symbol module_interface is no struct "
					     "module_interface that begins with percpu_area_num: "
					     "see loaded.h");
	}
	return module_refuse(module, "symbol module_interface is not in the file");
}

/* ---- All of it ---- */

static bool load(struct module *module)
{
	char *end = memory;

	if (!check_parts(module))
		return false;
	for (enum part part = PART_CODE; part < PARTS; part++)
		if (!place_part(module, part, &end))
			return false;
	copy_sections(module);
	if (!make_variables(module) || !module_relocate(module) || !find_interface(module))
		return false;
	arch_code_written(module->parts[PART_CODE].first, module->parts[PART_CODE].last);
	return publish_variables(module) && add_sequences(module);
}

/* What the library has of the module; the last first. What it does not give back stays noted. */
static int take_back(struct module *module)
{
	int error = 0;

	if (module->has_sequences)
		error = percpu_sequences_remove(&module->sequences);
	if (error)
		return error;
	module->has_sequences = false;
	if (module->has_variables)
		error = percpu_module_free(&module->variables);
	if (error)
		return error;
	module->has_variables = false;
	module->interface = NULL;
	memory_in_use = false;
	return 0;
}

bool module_load(struct module *module, const char *file, size_t size)
{
	if (memory_in_use)
		return module_refuse(module, "a module is loaded, and there is one place for them: "
					     "unload it first");
	memory_in_use = true;
	module->has_variables = module->has_sequences = false;
	module->interface = NULL;
	if (module_open(module, file, size) && load(module))
		return true;
	(void)take_back(module); /* the first sentence counts */
	return false;
}

/*
 * No other CPU is in a trap entry that may have the table in its hands: this kernel has one CPU
 * that takes traps. Where there are more, what is behind percpu_sequences_remove waits for them.
 */
bool module_unload(struct module *module)
{
	int error = take_back(module);

	return !error || module_refuse(module, "the module: %s", percpu_strerror(error));
}

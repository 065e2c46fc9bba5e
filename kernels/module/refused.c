/* SPDX-License-Identifier: 0BSD */
/*
 * Modules that must be refused: each in a sentence that names what is wrong, and then nothing of it
 * is left, neither of its variables nor of its table.
 */
#include <arch/relocate.h>
#include <kernels/common/kernel.h>

#include "module.h"

/* How many files are damaged at random. */
#define DAMAGED 200

struct refused {
	const char *what;
	const char *file, *end;
	const char *section; /* what the sentence has to have in it, and */
	const char *why;
	/* Damages the copy of the file, if it is not the file itself that is refused. */
	void (*damage)(struct module *module, char *file);
};

static char copy[65536] __attribute__((aligned(8)));

static bool contains(const char *text, const char *part)
{
	for (; *text; text++)
		if (begins_with(text, part))
			return true;
	return false;
}

/* ---- Damages ---- */

/* Finds the parts of the copy, which is one of counter's. */
static void open_copy(struct module *module, char *file)
{
	if (!module_open(module, file, (size_t)(counter_file_end - counter_file)))
		tap_bail_out("the module's file: %s", module->error.text);
}

/* The first relocation of the module's code that is LIKE this, in the copy. */
static struct elf_rela *relocation(struct module *module, char *file,
				   bool (*like)(const struct relocation_kind *kind))
{
	open_copy(module, file);
	for (size_t i = 0; i < module->section_count; i++) {
		const struct elf_section *section = &module->sections[i];
		struct elf_rela *entries = (struct elf_rela *)(void *)(file + section->offset);

		if (section->type != SECTION_RELA ||
		    !(module->sections[section->info].flags & SECTION_CODE))
			continue;
		for (size_t n = 0; n < section->size / sizeof(*entries); n++)
			if (like(arch_relocation_kind(entries[n].type)))
				return &entries[n];
	}
	tap_bail_out("the module's code has no relocation of the kind that is looked for");
}

static bool any(const struct relocation_kind *kind)
{
	return kind->bytes > 0;
}

static bool a_distance(const struct relocation_kind *kind)
{
	return kind->relative && !kind->wants_high && kind->bytes >= 4;
}

static void unknown_type(struct module *module, char *file)
{
	relocation(module, file, any)->type = 250;
}

static void unknown_symbol(struct module *module, char *file)
{
	relocation(module, file, any)->symbol = 1000000;
}

static void outside(struct module *module, char *file)
{
	relocation(module, file, any)->offset = UINT64_MAX - 2;
}

static void out_of_reach(struct module *module, char *file)
{
	relocation(module, file, a_distance)->addend = INT64_C(1) << 44;
}

/* The symbol of this name. */
static struct elf_symbol *symbol(struct module *module, char *file, const char *name)
{
	struct elf_symbol *symbols;

	open_copy(module, file);
	symbols = (struct elf_symbol *)(void *)(file + module->symbols->offset);
	for (size_t i = 0; i < module->symbols->size / sizeof(*symbols); i++)
		if (same_text(symbol_name(module, &symbols[i]), name))
			return &symbols[i];
	tap_bail_out("the module's file has no symbol %s", name);
}

static struct elf_symbol *interface(struct module *module, char *file)
{
	return symbol(module, file, "module_interface");
}

static void unaligned(struct module *module, char *file)
{
	interface(module, file)->value++;
}

static void at_its_end(struct module *module, char *file)
{
	struct elf_symbol *symbol = interface(module, file);

	symbol->value = module->sections[symbol->section].size;
}

static void absolute(struct module *module, char *file)
{
	interface(module, file)->section = SYMBOL_ABSOLUTE;
}

/* The first member is another function. */
static void not_configured(struct module *module, char *file)
{
	symbol(module, file, PERCPU__STRING(PERCPU_SYMBOL(percpu_area_num)))->name =
		symbol(module, file, "kernel_next")->name;
}

/* GNU's STT_GNU_IFUNC: a function that says which one is meant. */
static void indirect(struct module *module, char *file)
{
	symbol(module, file, "kernel_next")->info = 1 << 4 | 10;
}

static void another_machine(struct module *module, char *file)
{
	(void)module;
	((struct elf_header *)(void *)file)->machine ^= 1;
}

#define FILE(name) name##_file, name##_file_end
static const struct refused refused[] = {
	{"near variables", FILE(near), ".percpu.near.near_count", "PERCPU_DEFINE_FAR", NULL},
	{"variables on cache lines", FILE(line), ".percpu.line.line_count", "PERCPU_DEFINE_FAR",
	 NULL},
	{"a distance in a variable", FILE(distance), ".percpu.far.distance", "has no distance",
	 NULL},
	{"more variables than there is room for", FILE(big), "16384 bytes", "PERCPU_DYNAMIC", NULL},
	{"a symbol that is not exported", FILE(unknown), "__percpu_near.not_exported", "exports",
	 NULL},
	{"another configuration", FILE(other), "percpu_area_num__", "exports", NULL},
	{"a constructor", FILE(constructor), "section .", "calls no constructors", NULL},
	{"a constructor of each CPU", FILE(each_cpu), "section percpu_constructors.50.",
	 "calls no constructors", NULL},
	{"an interface that is not aligned", FILE(counter), "module_interface", "loaded.h",
	 unaligned},
	{"an interface that is cut off", FILE(counter), "module_interface", "loaded.h", at_its_end},
	{"an interface that is nowhere", FILE(counter), "module_interface", "loaded.h", absolute},
	{"an interface without the configuration", FILE(counter), "module_interface", "loaded.h",
	 not_configured},
	{"an indirect function", FILE(counter), "kernel_next", "of type 10", indirect},
	{"a relocation of unknown type", FILE(counter), ".text.", "does not know", unknown_type},
	{"a relocation by no symbol", FILE(counter), "symbol 1000000", "the file has",
	 unknown_symbol},
	{"a relocation outside its section", FILE(counter), ".text.", "the section is shorter",
	 outside},
	{"a symbol out of reach", FILE(counter), ".text.", "out of its reach", out_of_reach},
	{"a file for another machine", FILE(counter), "machine", "not", another_machine},
};
const size_t refused_count = sizeof(refused) / sizeof(refused[0]) + 2;

static size_t copy_file(const char *file, const char *end)
{
	size_t size = (size_t)(end - file);

	if (size > sizeof(copy))
		tap_bail_out("a module's file has %zu bytes: give the copy more room", size);
	for (size_t i = 0; i < size; i++)
		copy[i] = file[i];
	return size;
}

static void refuse_one(struct module *module, const struct refused *r)
{
	size_t size = copy_file(r->file, r->end);
	bool loaded;

	if (r->damage)
		r->damage(module, copy);
	loaded = module_load(module, copy, size);
	tap_ok(!loaded && contains(module->error.text, r->section) &&
		       contains(module->error.text, r->why) && reserve_is_free(),
	       "refused: %s: %s", r->what, loaded ? "it was loaded" : module->error.text);
}

/* Each length: the table of sections is at the end of what compilers write. */
static void refuse_cut_off(struct module *module)
{
	size_t size = copy_file(FILE(counter)), loaded = 0;

	for (size_t length = 0; length < size; length++)
		loaded += module_load(module, copy, length);
	tap_ok(loaded == 0 && reserve_is_free(), "refused: cut off, at each of %zu lengths: %s",
	       size, module->error.text);
}

/* A byte, anywhere: what is loaded nevertheless is unloaded, and not run. */
static void damage_at_random(struct module *module, uint64_t seed)
{
	size_t loaded = 0;

	for (size_t n = 0; n < DAMAGED; n++) {
		size_t size = copy_file(FILE(counter));

		seed = seed * UINT64_C(6364136223846793005) + 1;
		copy[(seed >> 32) % size] ^= (char)(1 << (seed >> 29 & 7));
		if (module_load(module, copy, size))
			loaded += module_unload(module);
	}
	tap_ok(reserve_is_free(), "damaged at random: %u files, of which %zu are loaded, unloaded",
	       DAMAGED, loaded);
}

void refused_all(struct module *module, uint64_t seed)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		refuse_one(module, &refused[i]);
	refuse_cut_off(module);
	damage_at_random(module, seed);
}

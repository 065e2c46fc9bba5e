/* SPDX-License-Identifier: 0BSD */
/*
 * The smallest honest loader of modules, which are relocatable ELF files: what it does not know, or
 * what does not fit, it refuses, in a sentence that names the section or the symbol, and then
 * nothing of the module is left. docs/modules.md tells what per-CPU variables and restartable
 * sequences want of a loader; here it is at work.
 */
#ifndef LOADER_H
#define LOADER_H

#include <kernels/common/print.h>
#include <percpu.h>

#include "elf.h"
#include "loaded.h"

#define MODULE_SECTIONS 200
/* Bytes for code, tables, data and the initial values of per-CPU variables. */
#define MODULE_ROOM 65536

/* What kinds of sections there are, in the order in which they lie in memory. */
enum part { PART_CODE, PART_SEQUENCES, PART_DATA, PART_VARIABLES, PARTS };

struct module {
	/* ---- The file, and what has been found in it (file.c) ---- */
	const char *file;
	size_t size;
	const struct elf_section *sections;
	size_t section_count;
	const struct elf_section *symbols; /* the section that has them */

	/* ---- Where its sections are (loader.c) ---- */
	struct {
		enum part part;
		char *contents;	   /* NULL: of no use at run time */
		uintptr_t address; /* by which code finds it */
	} places[MODULE_SECTIONS];
	struct {
		char *first, *last;
		size_t alignment;
	} parts[PARTS];

	/* ---- What the library has of it ---- */
	struct percpu_module variables;
	struct percpu_sequences sequences;
	bool has_variables, has_sequences;

	const struct module_interface *interface;
	struct line error; /* the sentence */
};

/* ---- loader.c. One module at a time: there is one place for it. ---- */

/*
 * Loads the file, SIZE bytes, aligned to 8. Returns whether that was done, and else there is a
 * sentence in module->error.
 */
bool module_load(struct module *module, const char *file, size_t size);

/* Called when nothing runs its code any more, nor will go back to it. */
bool module_unload(struct module *module);

/* ---- file.c: the parts of the file, all checked to be there ---- */

/* Finds the sections and the symbols. */
bool module_open(struct module *module, const char *file, size_t size);

const char *section_name(const struct module *module, const struct elf_section *section);
const void *section_contents(const struct module *module, const struct elf_section *section);

/* NULL, with a sentence, if there is no such symbol. */
const struct elf_symbol *module_symbol(struct module *module, size_t number);

/* For sentences: the name of a symbol, or of its section. */
const char *symbol_name(const struct module *module, const struct elf_symbol *symbol);

/* ---- relocate.c ---- */

/* By the addresses in places[]. */
bool module_relocate(struct module *module);

/* Where SYMBOL is. */
bool symbol_address(struct module *module, const struct elf_symbol *symbol, uintptr_t *address);

/* ---- exports.c: the kernel's symbols that a module may use ---- */

/* 0 if there is none of this name. */
uintptr_t kernel_symbol(const char *name);

/* ---- All of them ---- */

/* Notes the sentence; returns false. */
bool module_refuse(struct module *module, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

bool same_text(const char *a, const char *b);
bool begins_with(const char *text, const char *with);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Fed: a module's file, for riscv64, into the loader of kernels/module, up to where its code would
 * run. Must hold: nothing is read outside the file, and nothing written outside the memory for
 * modules; what is refused has a sentence; what the library was told of a module is taken back; the
 * interface of one that is loaded is there.
 */
#include "fuzz.h"

#include <arch/relocate.h>
#include <kernels/module/loader.h>

/* Where its per-CPU variables would be, and what the library has. */
static char hole[8192] __attribute__((aligned(4096)));
static int variables, tables;

int percpu_module_alloc(struct percpu_module *module, size_t size, size_t align)
{
	if (size > sizeof(hole) || align > 4096)
		return PERCPU_ENOMEM;
	*module = (struct percpu_module){.address = (uintptr_t)hole, .size = size};
	variables++;
	return 0;
}

int percpu_module_publish(const struct percpu_module *module, const void *image)
{
	memcpy(hole, image, module->size);
	return 0;
}

int percpu_module_free(struct percpu_module *module)
{
	HOLDS(module->address == (uintptr_t)hole);
	variables--;
	return 0;
}

int percpu_sequences_add(struct percpu_sequences *sequences, void *first, void *last,
			 const void *code, const void *code_end)
{
	(void)sequences;
	HOLDS(first <= last && code <= code_end);
	tables++;
	return 0;
}

int percpu_sequences_remove(struct percpu_sequences *sequences)
{
	(void)sequences;
	tables--;
	return 0;
}

size_t percpu_area_num(void)
{
	return 1;
}

const char *percpu_strerror(int error)
{
	return error ? "an error" : "no error";
}

uintptr_t kernel_symbol(const char *name)
{
	if (begins_with(name, "percpu_area_num"))
		return (uintptr_t)percpu_area_num;
	return *name ? (uintptr_t)hole : 0;
}

void arch_code_written(const void *first, const void *last)
{
	HOLDS(first <= last);
}

void line_add_list(struct line *line, const char *format, va_list list)
{
	size_t room = sizeof(line->text) - line->length;
	int length = vsnprintf(line->text + line->length, room, format, list);

	line->length += (size_t)length < room ? (size_t)length : room - 1;
}

static int fuzz_input(const uint8_t *data, size_t size)
{
	static struct module module;
	char *file = fuzz_exact(data, size);

	module.error.length = 0;
	if (module_load(&module, file, size)) {
		HOLDS(module.interface->configuration == percpu_area_num);
		HOLDS(module_unload(&module));
	} else {
		HOLDS(module.error.length > 0);
	}
	HOLDS(!variables && !tables);
	free(file);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * The per-CPU variables of modules: a piece of the reserve, with initial values. They are what the
 * kernel's own are, but that the linker has not made room for them: their addresses are in template
 * space, each CPU's copy lies in its area as far from the area's start as those from the
 * template's, and the hole behind the template, where those addresses are, holds the initial
 * values.
 */
#include <percpu.h>

#include "dynamic.h"
#include "internal.h"

#if PERCPU_IS_IMAGE

/* What percpu_module_alloc has filled in is told from what somebody else has by this. */
static uintptr_t seal_of(const struct percpu_module *module)
{
	return ~(module->address + module->size);
}

/*
 * 0 if its variables are there: it has been filled in, and a variable of its size begins at its
 * address. One that something else has made there since, of the same size, is taken for it.
 */
static int check(const struct percpu_module *module)
{
	if (!module->address || !module->size || module->seal != seal_of(module))
		return PERCPU_EHANDLE;
	return _percpu_is_variable(module->address, module->size, NO_BOUND);
}

int percpu_module_alloc(struct percpu_module *module, size_t size, size_t align)
{
	uintptr_t address;
	int error;

	if (!module)
		return PERCPU_EINVAL;
	/* What percpu_init adds to the area of percpu_early_init would lack the initial values. */
	if (!_percpu_areas_complete())
		return PERCPU_ENOTREADY;
	error = _percpu_alloc_reserved(size, align, &address);
	if (error)
		return error;
	module->address = address;
	module->size = size;
	module->seal = seal_of(module);
	return 0;
}

int percpu_module_publish(const struct percpu_module *module, const void *image)
{
	uintptr_t offset;
	int error;

	if (!module || !image)
		return PERCPU_EINVAL;
	error = check(module);
	if (error)
		return error;
	offset = module->address - PERCPU__TEMPLATE;
	_percpu_copy((void *)module->address, image, module->size); /* NOLINT: the hole */
	percpu_for_each (cpu) {
		uintptr_t area = (uintptr_t)percpu_area_base(cpu);

		_percpu_copy((void *)(area + offset), image, module->size); /* NOLINT */
	}
	return 0;
}

int percpu_module_free(struct percpu_module *module)
{
	int error;

	if (!module)
		return PERCPU_EINVAL;
	error = check(module);
	if (!error)
		error = _percpu_free(module->address);
	if (!error)
		module->address = 0;
	return error;
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * PERCPU_MODE sp: one CPU, whose area is the template itself. The functions of lib/smp/areas.c,
 * with nothing to make and nothing to find.
 */
#include <percpu.h>

#include "../internal.h"

#if PERCPU_IS_SP

PERCPU__OBJECT(uintptr_t, percpu_delta, near, "reserved", aligned(PERCPU_CACHE_LINE)) = 0;
PERCPU__OBJECT(size_t, percpu_cpu_number, near, "reserved", ) = 0;

/* percpu.ld then reserves no areas. */
__asm__(".globl libpercpu__mode_sp\n.set libpercpu__mode_sp, 0");
__asm__(PERCPU_VMA_LIBRARY_ASM);

/* Not by percpu_early_init. */
extern bool _percpu_complete LINKER_SYMBOL;
bool _percpu_complete;
static bool initialised, bound;

size_t percpu_area_align(void)
{
	return _percpu_template_align();
}

size_t percpu_area_size(void)
{
	return (size_t)(_percpu_template_end() - _percpu_template());
}

size_t percpu_areas_size(size_t ncpu)
{
	size_t bytes;

	return __builtin_mul_overflow(percpu_area_size(), ncpu, &bytes) ? SIZE_MAX : bytes;
}

size_t percpu_area_num(void)
{
	return initialised ? 1 : 0;
}

void *percpu_area_base(size_t cpu)
{
	return cpu < percpu_area_num() ? _percpu_load_start : NULL;
}

int percpu_init(size_t ncpu)
{
	if (_percpu_complete)
		return PERCPU_EALREADY;
	if (ncpu == 0)
		return PERCPU_EINVAL;
	if (ncpu > 1)
		return PERCPU_ENOSPC;
	if (!_percpu_loaded())
		return PERCPU_ENOTLOADED;
	if (!percpu_arch_level_right())
		return PERCPU_ELEVEL;
	initialised = true;
	_percpu_complete = true;
	return 0;
}

/* The memory is not used, but arguments that are wrong in PERCPU_MODE smp are refused here too. */
int percpu_init_at(void *mem, size_t size, size_t ncpu)
{
	if (!mem)
		return PERCPU_EINVAL;
	if (percpu_areas_size(ncpu) > size)
		return PERCPU_ENOSPC;
	return (uintptr_t)mem & (percpu_area_align() - 1) ? PERCPU_EALIGN : percpu_init(ncpu);
}

int percpu_early_init(void)
{
	int error = initialised ? PERCPU_EALREADY : percpu_init(1);

	if (error)
		return error;
	_percpu_complete = false;
	bound = true;
	return 0;
}

int percpu_set_local_thread_pointer(size_t cpu)
{
	if (!initialised)
		return PERCPU_ENOTREADY;
	if (cpu > 0)
		return PERCPU_EINVAL;
	bound = true;
	return 0;
}

void *percpu_get_local_thread_pointer(void)
{
	return bound ? _percpu_load_start : NULL;
}

void *_percpu_copy_on(size_t offset, size_t cpu)
{
	if (cpu >= percpu_area_num())
		return NULL;
	return (void *)((uintptr_t)_percpu_load_start + offset); /* NOLINT: an address */
}

int _percpu_reset(size_t offset, size_t size)
{
	(void)offset;
	(void)size;
	return PERCPU_ENOTEMPLATE;
}

#endif

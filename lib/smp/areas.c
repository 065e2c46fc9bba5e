/* SPDX-License-Identifier: MIT */
/*
 * The areas: making them from the template, binding a CPU to one, finding one.
 *
 * They lie one after the other, one stride apart; or anywhere, which is each.c's concern. The boot
 * CPU writes all of this before it starts the others; what starts them orders it (see percpu.h), so
 * reads are plain.
 */
#include <percpu.h>

#include "../internal.h"
#include "areas.h"

#if PERCPU_IS_SMP

/* What the library itself keeps in each area. The alignment ends the line group of percpu.ld. */
PERCPU__OBJECT(uintptr_t, percpu_delta, near, "reserved", aligned(PERCPU_CACHE_LINE)) = 0;
PERCPU__OBJECT(size_t, percpu_cpu_number, near, "reserved", ) = 0;

/* What the configuration has to tell the linker; it is there whenever percpu_init is. */
__asm__(PERCPU_VMA_LIBRARY_ASM);
#ifdef PERCPU_ARCH_LIBRARY_ASM
__asm__(PERCPU_ARCH_LIBRARY_ASM);
#endif

/* Used, or Clang would make a variable of each member. */
__attribute__((used)) struct _percpu_areas _percpu_areas;
#define areas _percpu_areas

/* What each kernel has once, whatever a compiler thinks of inlining. */
#define SMALL __attribute__((noinline))

size_t percpu_area_align(void)
{
	return _percpu_template_align();
}

size_t percpu_area_size(void)
{
	return _percpu_stride();
}

size_t percpu_areas_size(size_t ncpu)
{
	size_t bytes;

	return __builtin_mul_overflow(percpu_area_size(), ncpu, &bytes) ? SIZE_MAX : bytes;
}

size_t percpu_area_num(void)
{
	return areas.num;
}

/* Weak: with areas anywhere each.c knows where. */
__attribute__((weak)) void *percpu_area_base(size_t cpu)
{
	return cpu < areas.num ? _percpu_first_area() + cpu * percpu_area_size() : NULL;
}

/*
 * The object at OFFSET from the area at BASE. By integers: memory of percpu_grow may lie below the
 * area, at an offset that wraps around.
 */
static void *at(char *base, size_t offset)
{
	return (void *)((uintptr_t)base + offset);
}

/* Tells an area where it lies and whose it is. */
static SMALL void label_area(char *base, size_t cpu)
{
	*(uintptr_t *)at(base, percpu_offset(percpu_delta)) = (uintptr_t)base - PERCPU__TEMPLATE;
	*(size_t *)at(base, percpu_offset(percpu_cpu_number)) = cpu;
}

static void copy_template(char *area)
{
	_percpu_copy(area, _percpu_template(), _percpu_template_size());
	_percpu_zero(area + _percpu_template_size(), percpu_area_size() - _percpu_template_size());
}

void _percpu_make_area(char *area, size_t cpu)
{
	if (area != _percpu_template())
		copy_template(area);
	label_area(area, cpu);
}

/*
 * Makes NCPU areas at BASE from the template, but for one that is there. The last first: where area
 * 0 is the template itself, it stays as it is until the others are copies of it.
 */
static SMALL int make_areas(char *base, size_t ncpu)
{
	if (!_percpu_sequences_prepare())
		return PERCPU_EORDER;
	for (size_t cpu = ncpu; cpu-- > areas.early;)
		_percpu_make_area(base + cpu * percpu_area_size(), cpu);
	return 0;
}

WRITES_REGISTER static void bind_to(char *area)
{
	_percpu_take(area);
	percpu_arch_set_register(PERCPU_ARCH_REGISTER(area, PERCPU__TEMPLATE));
}

/* Whether the register can hold the first and the last of NCPU areas at BASE. */
static bool reachable(const char *base, size_t ncpu)
{
#ifdef percpu_arch_register_holds
	uintptr_t first = PERCPU_ARCH_REGISTER(base, PERCPU__TEMPLATE);

	return percpu_arch_register_holds(first) &&
	       percpu_arch_register_holds(first + percpu_areas_size(ncpu - 1));
#else
	(void)base;
	(void)ncpu;
	return true;
#endif
}

SMALL int _percpu_check_areas(const char *base, size_t size, size_t ncpu)
{
	if (areas.num && !areas.early)
		return PERCPU_EALREADY;
	if (ncpu == 0)
		return PERCPU_EINVAL;
	if (percpu_areas_size(ncpu) > size)
		return PERCPU_ENOSPC;
	if (areas.used && ncpu > 1)
		return PERCPU_ENOTEMPLATE;
	if (!_percpu_loaded())
		return PERCPU_ENOTLOADED;
	if (!percpu_arch_level_right())
		return PERCPU_ELEVEL;
	return reachable(base, ncpu) ? 0 : PERCPU_EADDRESS;
}

static void check_template(void)
{
	if (!areas.used)
		_percpu_check_template();
}

static void publish(const char *base, size_t ncpu)
{
	areas.distance = (uintptr_t)base - PERCPU__TEMPLATE;
	areas.num = ncpu;
	areas.early = false;
	areas.used |= base == _percpu_template();
	check_template();
}

int percpu_init(size_t ncpu)
{
	int error = _percpu_check_areas(_percpu_start, _percpu_reserved(), ncpu);

	if (!error)
		error = make_areas(_percpu_start, ncpu);
	if (!error)
		publish(_percpu_start, ncpu);
	return error;
}

/* An interrupt between the copy and the end would update the old place, or look for it. */
WRITES_REGISTER void _percpu_settle(char *base, size_t ncpu)
{
	uintptr_t flags = percpu_arch_irq_save();

	if (areas.early) {
		_percpu_copy(base, _percpu_first_area(), percpu_area_size());
		label_area(base, 0);
		bind_to(base);
	}
	publish(base, ncpu);
	percpu_arch_irq_restore(flags);
}

WRITES_REGISTER int percpu_init_at(void *mem, size_t size, size_t ncpu)
{
	int error = mem ? _percpu_check_areas(mem, size, ncpu) : PERCPU_EINVAL;
	char *base = mem;

	if (error)
		return error;
	if ((uintptr_t)mem & (percpu_area_align() - 1))
		return PERCPU_EALIGN;
	if (_percpu_area_in_use(base, percpu_areas_size(ncpu)))
		return PERCPU_EOVERLAP;
	error = make_areas(base, ncpu);
	if (!error)
		_percpu_settle(base, ncpu);
	return error;
}

WRITES_REGISTER int percpu_early_init(void)
{
	int error = areas.num ? PERCPU_EALREADY : percpu_init(1);

	if (error)
		return error;
	areas.early = true;
	bind_to(_percpu_first_area());
	return 0;
}

WRITES_REGISTER int percpu_set_local_thread_pointer(size_t cpu)
{
	if (areas.num == 0)
		return PERCPU_ENOTREADY;
	if (cpu >= areas.num)
		return PERCPU_EINVAL;
	check_template();
	bind_to(percpu_area_base(cpu));
	return 0;
}

/* An area says itself whose it is, which takes no division by the stride. Weak: as above. */
__attribute__((weak)) void *percpu_get_local_thread_pointer(void)
{
	uintptr_t area = PERCPU_ARCH_AREA(percpu_arch_get_register(), PERCPU__TEMPLATE);
	void *base = (void *)area;

	if (!_percpu_on_stride(area) ||
	    base != percpu_area_base(*(size_t *)at(base, percpu_offset(percpu_cpu_number))))
		return NULL;
	return base;
}

void *_percpu_copy_on(size_t offset, size_t cpu)
{
	char *base = percpu_area_base(cpu);

	return base ? at(base, offset) : NULL;
}

int _percpu_reset(size_t offset, size_t size)
{
	uintptr_t area = PERCPU_ARCH_AREA(percpu_arch_get_register(), PERCPU__TEMPLATE);

	if (areas.used)
		return PERCPU_ENOTEMPLATE;
	check_template();
	_percpu_copy((void *)(area + offset), _percpu_template() + offset, size);
	return 0;
}

#endif

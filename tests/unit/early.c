/* SPDX-License-Identifier: MIT */
/*
 * percpu_early_init and what follows it. It fails if what the boot CPU wrote early is lost, if the
 * boot CPU is left bound to an area that is no longer its own, or if a refused call in between has
 * an effect.
 */
#include <percpu.h>

#include <lib/internal.h>
#include <stdlib.h>
#include <string.h>

#include "common/unit.h"

#define NCPU 4
#define RESERVED 64 /* areas, where the linker script does not say otherwise */

PERCPU_DEFINE(uint64_t, plain) = 10;
static PERCPU_DEFINE(uint8_t[3], untouched) = {1, 2, 3};
static PERCPU_DEFINE_FAR(uint32_t[600], far_values) = {[599] = 20};

/* Early, with values of CPU 0's own. */
static void start_early(void)
{
	CHECK(percpu_early_init() == 0);
	percpu_write(plain, 11);
	percpu_write(far_values[599], 21);
}

/* That CPU 0 is bound to its area, which is at BASE and holds what start_early left. */
static void check_cpu0(const char *base)
{
	CHECK(percpu_area_base(0) == base && percpu_get_local_thread_pointer() == base);
	CHECK(percpu_cpu_id() == 0);
	CHECK(percpu_read(percpu_delta) == (uintptr_t)base - (uintptr_t)_percpu_load_start);
	CHECK(percpu_read(plain) == 11 && percpu_read(far_values[599]) == 21);
	CHECK(!memcmp(percpu_ptr(untouched), "\1\2\3", 3));
	CHECK(percpu_host_irqs_off == 0);
}

/* That the other CPUs start with the initial values. */
static void check_others(void)
{
	CHECK(percpu_area_num() == NCPU);
	for (size_t cpu = 1; cpu < NCPU; cpu++) {
		CHECK(percpu_read_on(plain, cpu) == 10);
		CHECK(percpu_read_on(far_values[599], cpu) == 20);
		CHECK(percpu_read_on(percpu_cpu_number, cpu) == cpu);
	}
}

static void usable_early(void)
{
	CHECK(percpu_early_init() == 0);
	CHECK(percpu_area_num() == 1);
	CHECK(percpu_get_local_thread_pointer() == percpu_area_base(0));
	CHECK(percpu_read(plain) == 10 && percpu_read(far_values[599]) == 20);
	CHECK(percpu_inc_return(plain) == 11 && percpu__plain == 10);
	CHECK(percpu_area_base(1) == NULL);
	CHECK(percpu_set_local_thread_pointer(1) == PERCPU_EINVAL);
}

static void kept_in_place(void)
{
	start_early();
	CHECK(percpu_init(NCPU) == 0);
	check_cpu0(_percpu_start);
	check_others();
}

static void moved(void)
{
	size_t size = percpu_areas_size(NCPU);
	char *mem = aligned_alloc(percpu_area_align(), size);

	memset(mem, 0x5a, size);
	start_early();
	CHECK(percpu_init_at(mem, size, NCPU) == 0);
	check_cpu0(mem);
	check_others();
	percpu_write(plain, 12);
	CHECK(percpu_read_on(plain, 0) == 12);
	free(mem);
}

static void alone(void)
{
	start_early();
	CHECK(percpu_init(1) == 0);
	CHECK(percpu_area_num() == 1);
	check_cpu0(_percpu_start);
	CHECK(percpu_init(2) == PERCPU_EALREADY);
}

static void twice_refused(void)
{
	start_early();
	CHECK(percpu_early_init() == PERCPU_EALREADY);
	check_cpu0(_percpu_start);
	CHECK(percpu_init(NCPU) == 0);
	CHECK(percpu_early_init() == PERCPU_EALREADY);
	CHECK(percpu_init(NCPU) == PERCPU_EALREADY);
	check_cpu0(_percpu_start);
	check_others();
}

static void refused_between(void)
{
	size_t size = percpu_areas_size(NCPU);
	char *mem = aligned_alloc(percpu_area_align(), size);

	start_early();
	memset(mem, 0x5a, size);
	CHECK(percpu_init(0) == PERCPU_EINVAL);
	CHECK(percpu_init(RESERVED + 1) == PERCPU_ENOSPC);
	CHECK(percpu_init_at(NULL, size, NCPU) == PERCPU_EINVAL);
	CHECK(percpu_init_at(mem, size - 1, NCPU) == PERCPU_ENOSPC);
	CHECK(percpu_init_at(mem + 8, size, NCPU) == PERCPU_EALIGN);
	CHECK(percpu_init_at(_percpu_load_start, size, NCPU) == PERCPU_EOVERLAP);
	CHECK(percpu_area_num() == 1);
	for (size_t i = 0; i < size; i++)
		CHECK(mem[i] == 0x5a);
	check_cpu0(_percpu_start);
	CHECK(percpu_init_at(mem, size, NCPU) == 0);
	check_cpu0(mem);
	check_others();
	free(mem);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"after percpu_early_init CPU 0 alone has an area and is bound to it",
		 usable_early},
		{"percpu_init keeps the early area as it is and adds the others", kept_in_place},
		{"percpu_init_at moves the early area with its values and rebinds CPU 0", moved},
		{"one CPU may be all there is after percpu_early_init", alone},
		{"percpu_early_init is refused the second time and after percpu_init",
		 twice_refused},
		{"a refused call after percpu_early_init changes nothing", refused_between},
	};

	UNIT_RUN(tests);
}

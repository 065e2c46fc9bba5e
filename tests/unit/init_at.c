/* SPDX-License-Identifier: MIT */
/*
 * percpu_init_at: areas in the caller's memory. It fails if a byte outside the areas is written, if
 * what the memory held before shows through, or if memory that cannot be used is accepted, touched,
 * or keeps a later call from succeeding.
 */
#include <percpu.h>

#include <lib/internal.h>
#include <stdlib.h>
#include <string.h>

#include "common/unit.h"

#define NCPU 3
#define GUARD 0x5a

PERCPU_DEFINE(uint64_t, plain) = 0x1122334455667788;
static PERCPU_DEFINE_FAR(uint16_t[333], far_values) = {[332] = 9};

/* Memory for NCPU areas, full of GUARD, with as much again before and behind it. */
static char *memory(void)
{
	size_t size = percpu_areas_size(NCPU);
	char *whole = aligned_alloc(percpu_area_align(), 3 * size);

	memset(whole, GUARD, 3 * size);
	return whole + size;
}

static bool all_guard(const char *from, size_t size)
{
	while (size--)
		if (*from++ != GUARD)
			return false;
	return true;
}

/* Whether the memory before and behind is as memory() left it. */
static bool guards_kept(const char *mem)
{
	size_t size = percpu_areas_size(NCPU);

	return all_guard(mem - size, size) && all_guard(mem + size, size);
}

static void release(char *mem)
{
	free(mem - percpu_areas_size(NCPU));
}

static void places(void)
{
	char *mem = memory();

	CHECK(percpu_init_at(mem, percpu_areas_size(NCPU), NCPU) == 0);
	CHECK(percpu_area_num() == NCPU);
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		CHECK(percpu_area_base(cpu) == mem + cpu * percpu_area_size());
		CHECK(percpu_set_local_thread_pointer(cpu) == 0);
		CHECK(percpu_get_local_thread_pointer() == percpu_area_base(cpu));
		CHECK(percpu_cpu_id() == cpu);
		CHECK(percpu_read(percpu_delta) ==
		      (uintptr_t)percpu_area_base(cpu) - (uintptr_t)_percpu_load_start);
		percpu_write(far_values[332], 1);
	}
	CHECK(guards_kept(mem));
	for (char *p = _percpu_start; p < _percpu_end; p++)
		CHECK(*p == 0);
	release(mem);
}

static void contents(void)
{
	char *mem = memory();

	CHECK(percpu_init_at(mem, percpu_areas_size(NCPU), NCPU) == 0);
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		char *area = percpu_area_base(cpu);

		CHECK(percpu_read_on(plain, cpu) == 0x1122334455667788);
		CHECK(percpu_read_on(far_values[332], cpu) == 9);
		CHECK(percpu_read_on(far_values[331], cpu) == 0);
		for (size_t i = _percpu_template_size(); i < percpu_area_size(); i++)
			CHECK(area[i] == 0);
	}
	CHECK(guards_kept(mem));
	release(mem);
}

static void rest_kept(void)
{
	char *mem = memory();

	CHECK(percpu_init_at(mem, 2 * percpu_areas_size(NCPU), NCPU - 1) == 0);
	CHECK(all_guard(mem + percpu_areas_size(NCPU - 1), percpu_area_size()));
	CHECK(guards_kept(mem));
	release(mem);
}

/* To the byte: a sanitizer sees a write past the end. */
static void exact(void)
{
	size_t size = percpu_areas_size(NCPU);
	char *mem = aligned_alloc(percpu_area_align(), size);

	CHECK(percpu_init_at(mem, size, NCPU) == 0);
	CHECK(percpu_read_on(far_values[332], NCPU - 1) == 9);
	free(mem);
}

/* That percpu_init_at refuses this with ERROR, and that all is as if it had not been called. */
static void refuses(void *mem, size_t size, size_t ncpu, int error)
{
	size_t template_size = _percpu_template_size();
	char *template_then = malloc(template_size);

	memcpy(template_then, _percpu_load_start, template_size);
	percpu_host_register = 4711;
	CHECK(percpu_init_at(mem, size, ncpu) == error);
	CHECK(percpu_area_num() == 0 && percpu_area_base(0) == NULL);
	CHECK(percpu_host_register == 4711);
	CHECK(!memcmp(template_then, _percpu_load_start, template_size));
	free(template_then);
}

/* Memory that could be used in another way stays as it was and can be used afterwards. */
static void then_accepts(char *mem)
{
	CHECK(guards_kept(mem) && all_guard(mem, percpu_areas_size(NCPU)));
	CHECK(percpu_init_at(mem, percpu_areas_size(NCPU), NCPU) == 0);
	CHECK(percpu_read_on(plain, NCPU - 1) == 0x1122334455667788);
	CHECK(guards_kept(mem));
	release(mem);
}

static void null(void)
{
	char *mem = memory();

	refuses(NULL, percpu_areas_size(NCPU), NCPU, PERCPU_EINVAL);
	refuses(NULL, SIZE_MAX, NCPU, PERCPU_EINVAL);
	refuses(mem, percpu_areas_size(NCPU), 0, PERCPU_EINVAL);
	then_accepts(mem);
}

static void too_small(void)
{
	char *mem = memory();

	refuses(mem, percpu_areas_size(NCPU) - 1, NCPU, PERCPU_ENOSPC);
	refuses(mem, percpu_area_size(), 2, PERCPU_ENOSPC);
	refuses(mem, 0, 1, PERCPU_ENOSPC);
	refuses(mem, SIZE_MAX - 1, SIZE_MAX, PERCPU_ENOSPC);
	/* So many that their size, cut to a size_t, is 0. */
	refuses(mem, percpu_areas_size(NCPU), (size_t)1 << 63, PERCPU_ENOSPC);
	then_accepts(mem);
}

static void unaligned(void)
{
	char *mem = memory();

	for (size_t off = 1; off < percpu_area_align(); off++)
		refuses(mem + off, percpu_areas_size(NCPU), NCPU, PERCPU_EALIGN);
	then_accepts(mem);
}

static void overlapping(void)
{
	char *mem = memory();
	uintptr_t align = percpu_area_align();
	uintptr_t start = (uintptr_t)_percpu_load_start;
	uintptr_t last = ((uintptr_t)_percpu_load_end - 1) / align * align;

	for (uintptr_t at = start; at <= last; at += align)
		refuses((void *)at, percpu_areas_size(NCPU), NCPU, PERCPU_EOVERLAP);
	/* The last of these areas reaches into the template; the template lies between areas. */
	refuses((void *)(start + align - percpu_areas_size(NCPU)), percpu_areas_size(NCPU), NCPU,
		PERCPU_EOVERLAP);
	refuses((void *)(start - percpu_area_size()), percpu_areas_size(NCPU), NCPU,
		PERCPU_EOVERLAP);
	then_accepts(mem);
}

static void wrapping(void)
{
	char *mem = memory();
	uintptr_t last = -(uintptr_t)percpu_area_align();

	refuses((void *)last, SIZE_MAX, 2, PERCPU_EOVERLAP);
	refuses((void *)last, percpu_areas_size(NCPU), NCPU, PERCPU_EOVERLAP);
	/* The bytes these take are too many to count. */
	refuses(mem, SIZE_MAX, SIZE_MAX, PERCPU_EOVERLAP);
	then_accepts(mem);
}

static void second_refused(void)
{
	char *mem = memory(), *other = memory();

	CHECK(percpu_init_at(mem, percpu_areas_size(NCPU), NCPU) == 0);
	CHECK(percpu_set_local_thread_pointer(1) == 0);
	percpu_write(plain, 1);
	CHECK(percpu_init_at(other, percpu_areas_size(NCPU), NCPU) == PERCPU_EALREADY);
	CHECK(percpu_init_at(mem, percpu_areas_size(NCPU), NCPU) == PERCPU_EALREADY);
	CHECK(percpu_init(1) == PERCPU_EALREADY);
	CHECK(percpu_early_init() == PERCPU_EALREADY);
	CHECK(guards_kept(other) && all_guard(other, percpu_areas_size(NCPU)));
	CHECK(percpu_get_local_thread_pointer() == mem + percpu_area_size());
	CHECK(percpu_area_num() == NCPU && percpu_area_base(0) == mem);
	CHECK(percpu_read(plain) == 1);
	release(mem);
	release(other);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"areas lie in the caller's memory, and only there", places},
		{"what the memory held before does not show through", contents},
		{"what is left over of the memory is not touched", rest_kept},
		{"memory of exactly the size needed is enough", exact},
		{"NULL and no CPUs are refused, and nothing changes", null},
		{"memory too small by a byte or by far is refused, and nothing changes", too_small},
		{"memory at any wrong alignment is refused, and nothing changes", unaligned},
		{"memory that overlaps the template is refused, and nothing changes", overlapping},
		{"memory that wraps around is refused, and nothing changes", wrapping},
		{"a second initialisation is refused and changes nothing", second_refused},
	};

	UNIT_RUN(tests);
}

/* SPDX-License-Identifier: MIT */
/*
 * The areas that percpu_init makes in the space of the linker script: their number, place, size and
 * contents, and the thread pointer that finds them. It fails if an area is not a copy of the
 * template, if two share a byte or a cache line, if the template is one of them, or if a call that
 * must be refused is not or has an effect.
 */
#include <percpu.h>

#include <lib/internal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "common/unit.h"
#include "common/watch.h"

#define NCPU 5
#define RESERVED 64 /* areas, where the linker script does not say otherwise */

PERCPU_DEFINE(uint64_t, near_value) = 0x1122334455667788;
static PERCPU_DEFINE(uint8_t[3], near_bytes) = {1, 2, 3};
static PERCPU_DEFINE_FAR(uint32_t[500], far_values) = {[0] = 7, [499] = 9};
static PERCPU_DEFINE_CACHELINE(uint8_t, line_value) = 5;
static PERCPU_DEFINE_CACHELINE(uint8_t, line_other) = 6;
static PERCPU_DEFINE_PAGE(char[10], page_value) = "page";

static void nothing_before(void)
{
	percpu_host_register = 0;
	CHECK(percpu_area_num() == 0);
	CHECK(percpu_area_base(0) == NULL);
	CHECK(percpu_ptr_on(near_value, 0) == NULL);
	CHECK(percpu_get_local_thread_pointer() == NULL);
	CHECK(percpu_set_local_thread_pointer(0) == PERCPU_ENOTREADY);
	CHECK(percpu_host_register == 0);
	CHECK(percpu_version() == PERCPU_VERSION);
}

static void sizes(void)
{
	size_t size = percpu_area_size(), most = SIZE_MAX / size;

	CHECK(percpu_area_align() == PERCPU__PAGE);
	CHECK(size % percpu_area_align() == 0 && size % PERCPU_CACHE_LINE == 0);
	CHECK(size >= _percpu_template_size());
	CHECK(size - _percpu_template_size() < percpu_area_align());
	CHECK(percpu_areas_size(0) == 0 && percpu_areas_size(1) == size);
	CHECK(percpu_areas_size(7) == 7 * size);
	CHECK(percpu_areas_size(most) == most * size);
	CHECK(percpu_areas_size(most + 1) == SIZE_MAX);
	CHECK(percpu_areas_size(SIZE_MAX) == SIZE_MAX);
	/* The least factor whose product, cut to a size_t, is small again. */
	CHECK(percpu_areas_size((size_t)1 << 60) == SIZE_MAX);
}

static void initial_values(void)
{
	CHECK(percpu_init(NCPU) == 0);
	CHECK(percpu_area_num() == NCPU);
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		CHECK(*percpu_ptr_on(near_value, cpu) == 0x1122334455667788);
		CHECK(!memcmp(*percpu_ptr_on(near_bytes, cpu), "\1\2\3", 3));
		CHECK((*percpu_ptr_on(far_values, cpu))[0] == 7);
		CHECK((*percpu_ptr_on(far_values, cpu))[250] == 0);
		CHECK((*percpu_ptr_on(far_values, cpu))[499] == 9);
		CHECK(!strcmp(*percpu_ptr_on(page_value, cpu), "page"));
	}
}

/* Every byte but the two reserved variables, which say whose area it is. */
static void copies(void)
{
	CHECK(percpu_init(NCPU) == 0);
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		char *area = percpu_area_base(cpu);

		CHECK(*percpu_ptr_on(percpu_cpu_number, cpu) == cpu);
		CHECK(*percpu_ptr_on(percpu_delta, cpu) ==
		      (uintptr_t)area - (uintptr_t)_percpu_load_start);
		*percpu_ptr_on(percpu_cpu_number, cpu) = 0;
		*percpu_ptr_on(percpu_delta, cpu) = 0;
		CHECK(!memcmp(area, _percpu_load_start, _percpu_template_size()));
		for (size_t i = _percpu_template_size(); i < percpu_area_size(); i++)
			CHECK(area[i] == 0);
	}
}

static void places(void)
{
	char *first;

	CHECK(percpu_init(RESERVED) == 0);
	first = percpu_area_base(0);
	CHECK(first >= _percpu_load_end || first + percpu_area_size() <= _percpu_load_start);
	CHECK((uintptr_t)first % percpu_area_align() == 0);
	CHECK((uintptr_t)first % PERCPU_CACHE_LINE == 0);
	for (size_t cpu = 0; cpu < RESERVED; cpu++)
		CHECK(percpu_area_base(cpu) == first + cpu * percpu_area_size());
	CHECK(first >= _percpu_start);
	CHECK(first + percpu_areas_size(RESERVED) <= _percpu_end);
	CHECK(percpu_area_base(RESERVED) == NULL && percpu_area_base(SIZE_MAX) == NULL);
}

static void refused(void)
{
	CHECK(percpu_init(0) == PERCPU_EINVAL);
	CHECK(percpu_init(RESERVED + 1) == PERCPU_ENOSPC);
	CHECK(percpu_init(SIZE_MAX) == PERCPU_ENOSPC);
	CHECK(percpu_area_num() == 0);
	for (char *p = _percpu_start; p < _percpu_end; p++)
		CHECK(*p == 0);
	CHECK(percpu_init(RESERVED) == 0);
}

static void second_refused(void)
{
	uintptr_t before;

	watch_init(NCPU, 2);
	*percpu_ptr_on(near_value, 3) = 33;
	before = percpu_host_register;
	watch_start();
	CHECK(percpu_init(NCPU) == PERCPU_EALREADY);
	CHECK(percpu_init(0) == PERCPU_EALREADY);
	CHECK(percpu_init(RESERVED + 1) == PERCPU_EALREADY);
	CHECK(percpu_early_init() == PERCPU_EALREADY);
	CHECK(percpu_init_at(_percpu_start, SIZE_MAX, 1) == PERCPU_EALREADY);
	CHECK(percpu_area_num() == NCPU && percpu_area_base(0) == _percpu_start);
	CHECK(percpu_host_register == before);
	CHECK(watch_unchanged());
}

static void thread_pointer(void)
{
	CHECK(percpu_init(NCPU) == 0);
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		CHECK(percpu_set_local_thread_pointer(cpu) == 0);
		CHECK(percpu_get_local_thread_pointer() == percpu_area_base(cpu));
		CHECK(percpu_cpu_id() == cpu);
		CHECK(percpu_ptr(near_value) == percpu_ptr_on(near_value, cpu));
		CHECK((void *)percpu_ptr(far_values) == percpu_ptr_on(far_values, cpu));
	}
	CHECK(percpu_set_local_thread_pointer(NCPU) == PERCPU_EINVAL);
	CHECK(percpu_set_local_thread_pointer(SIZE_MAX) == PERCPU_EINVAL);
	CHECK(percpu_local_base() == percpu_area_base(NCPU - 1));
	CHECK(percpu_get_local_thread_pointer() == percpu_area_base(NCPU - 1));
}

static void no_thread_pointer(void)
{
	uintptr_t first, size = percpu_area_size();

	CHECK(percpu_init(NCPU) == 0);
	first = (uintptr_t)percpu_area_base(0);
	const uintptr_t no_base[] = {0,
				     1,
				     (uintptr_t)_percpu_load_start,
				     first - size,
				     first - 1,
				     first + 1,
				     first + size / 2,
				     first + NCPU * size,
				     first + (NCPU + 1) * size,
				     UINTPTR_MAX};

	for (size_t i = 0; i < sizeof(no_base) / sizeof(no_base[0]); i++) {
		percpu_host_register = no_base[i];
		CHECK(percpu_get_local_thread_pointer() == NULL);
	}
	/* Inside an area, where an area's own number would be, stands that of an area. */
	percpu_host_register = first + percpu_area_align();
	CHECK(percpu_area_align() < size);
	*(size_t *)(percpu_host_register + percpu_offset(percpu_cpu_number)) = 1;
	CHECK(percpu_get_local_thread_pointer() == NULL);
}

static void own_lines(void)
{
	uintptr_t line = (uintptr_t)percpu_offset(line_value) / PERCPU_CACHE_LINE;

	CHECK(percpu_init(NCPU) == 0);
	CHECK(percpu_offset(line_value) % PERCPU_CACHE_LINE == 0);
	CHECK(percpu_offset(line_other) % PERCPU_CACHE_LINE == 0);
	CHECK(percpu_offset(line_other) / PERCPU_CACHE_LINE != line);
	CHECK(percpu_offset(near_value) / PERCPU_CACHE_LINE != line);
	CHECK(percpu_offset(percpu_delta) / PERCPU_CACHE_LINE != line);
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		CHECK((uintptr_t)percpu_ptr_on(line_value, cpu) % PERCPU_CACHE_LINE == 0);
		CHECK((uintptr_t)percpu_ptr_on(page_value, cpu) % PERCPU__PAGE == 0);
	}
	CHECK(percpu_offset(near_value) < 2048 && percpu_offset(near_bytes) < 2048);
}

/* The template has pages of its own here, because page_value aligns the areas to pages. */
static void template_kept(void)
{
	CHECK(!mprotect(_percpu_load_start, _percpu_template_size(), PROT_READ));
	watch_init(NCPU, 1);
	percpu_write(near_value, 1);
	percpu_add(far_values[499], 1);
	percpu_xchg(near_bytes[1], 9);
	percpu_write_on(near_value, 0, 2);
	(*percpu_ptr(page_value))[0] = 'P';
	CHECK(percpu__near_value == 0x1122334455667788);
	CHECK(percpu__near_bytes[1] == 2 && percpu__far_values[499] == 9);
	percpu_reset(near_value);
	percpu_reset(far_values);
	percpu_reset(page_value);
	CHECK(percpu_read(near_value) == 0x1122334455667788 && percpu_read(far_values[499]) == 9);
	CHECK(percpu_read(near_bytes[1]) == 9 && percpu_read(page_value[0]) == 'p');
}

static void read_on_no_cpu(void)
{
	CHECK(percpu_init(1) == 0);
	(void)percpu_read_on(near_value, 1);
}

static void default_panic(void)
{
	int status = unit_fork(read_on_no_cpu);

	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGILL);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"before initialisation there is no area and nothing to bind to", nothing_before},
		{"sizes are multiples of the line and saturate at SIZE_MAX", sizes},
		{"every area starts with the initial values", initial_values},
		{"an area is the template, but for its place and number, then zeros", copies},
		{"areas lie at one stride in the reserved space, outside the template", places},
		{"a refused percpu_init changes nothing", refused},
		{"a second initialisation is refused and changes nothing", second_refused},
		{"the thread pointer finds each CPU's area, and refuses others", thread_pointer},
		{"a register that holds no area's base gives NULL", no_thread_pointer},
		{"line variables own their cache line, page variables start a page", own_lines},
		{"the template is never written", template_kept},
		{"without a percpu_panic of the program's own an impossible state traps",
		 default_panic},
	};

	UNIT_RUN(tests);
}

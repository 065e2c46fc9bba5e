/* SPDX-License-Identifier: MIT */
/*
 * Dynamic variables. It fails if an accessor reaches another copy than a static variable's would,
 * if a copy is not 0 at first, if a wrong call is taken or changes anything, or if room is lost.
 */
#include <percpu.h>

#include <stdlib.h>

#include "common/unit.h"

#define NCPU 8

struct statistics {
	uint64_t packets;
	uint32_t errors[4];
	void *last;
};

static PERCPU_PTR(struct statistics) device;
static PERCPU_PTR(uint32_t) number;

static void begin(void)
{
	CHECK(percpu_init(NCPU) == 0);
	CHECK(percpu_set_local_thread_pointer(0) == 0);
}

static struct percpu_dynamic_info info(void)
{
	struct percpu_dynamic_info now;

	percpu_dynamic_info(&now);
	return now;
}

static bool all_zero(size_t cpu)
{
	const struct statistics *s = percpu_ptr_on(percpu_at(device), cpu);

	return s->packets == 0 && s->errors[0] == 0 && s->errors[3] == 0 && !s->last;
}

static void zero_everywhere(void)
{
	begin();
	for (int round = 0; round < 2; round++) {
		CHECK(percpu_alloc(&device) == 0 && device);
		percpu_for_each (cpu) {
			CHECK(all_zero(cpu));
			percpu_write_on(percpu_at(device).errors[3], cpu, 7);
		}
		CHECK(percpu_free(&device) == 0 && !device);
	}
}

static void own_copy(size_t cpu)
{
	CHECK(percpu_set_local_thread_pointer(cpu) == 0);
	percpu_add(percpu_at(device).packets, cpu);
	percpu_inc(percpu_at(device).errors[cpu % 4]);
	percpu_write(percpu_at(device).last, &device);
	CHECK(percpu_read(percpu_at(device).packets) == cpu);
	CHECK(percpu_add_return(percpu_at(device).packets, 1) == cpu + 1);
	CHECK(percpu_xchg(percpu_at(device).errors[3], 9) == (cpu % 4 == 3));
	CHECK(percpu_cmpxchg(percpu_at(device).errors[3], 9, 8) == 9);
	CHECK(percpu_ptr(percpu_at(device)) == percpu_ptr_on(percpu_at(device), cpu));
	CHECK((char *)percpu_ptr(percpu_at(device)) ==
	      (char *)percpu_area_base(cpu) + percpu_offset(percpu_at(device)));
}

static void accessors(void)
{
	begin();
	CHECK(percpu_alloc(&device) == 0);
	percpu_for_each (cpu)
		own_copy(cpu);
	CHECK(percpu_sum(percpu_at(device).packets) == NCPU * (NCPU + 1) / 2);
	percpu_write_on(percpu_at(device).errors[1], 3, 77);
	CHECK(percpu_read_on(percpu_at(device).errors[1], 3) == 77);
	CHECK(percpu_reset(percpu_at(device)) == 0 && all_zero(NCPU - 1));
	CHECK(percpu_read_on(percpu_at(device).packets, 2) == 3);
	percpu_with(struct statistics, s, percpu_at(device)) s->packets = 5;
	CHECK(percpu_raw_read(percpu_at(device).packets) == 5);
}

static void freeing(void)
{
	PERCPU_PTR(struct statistics) copy;
	struct percpu_dynamic_info before;

	begin();
	CHECK(percpu_alloc(&device) == 0);
	copy = device;
	before = info();
	CHECK(before.blocks == 1 && before.size == 65536 && before.free == 65536 - 32);
	CHECK(percpu_free(&device) == 0 && !device);
	CHECK(info().blocks == 0 && info().free == 65536 && info().largest == 65536);
	CHECK(percpu_free(&copy) == PERCPU_EHANDLE && copy);
	CHECK(percpu_free(&device) == 0);
}

static void wrong_calls(void)
{
	PERCPU_PTR(char[70000]) huge = NULL;
	PERCPU_PTR(uint32_t) inside;

	CHECK(percpu_alloc(&huge) == PERCPU_ENOTREADY);
	begin();
	CHECK(percpu_alloc(&huge) == PERCPU_ENOMEM && !huge);
	CHECK(percpu_alloc_aligned(&number, 32768) == PERCPU_EALIGN);
	CHECK(percpu_alloc_aligned(&number, 3) == PERCPU_EINVAL);
	/* PERCPU_DYNAMIC_ALIGN, which is more than a page here. */
	CHECK(percpu_area_align() == 16384 && percpu_alloc_aligned(&number, 16384) == 0);
	percpu_for_each (cpu)
		CHECK((uintptr_t)percpu_ptr_on(percpu_at(number), cpu) % 16384 == 0);
	inside = (__typeof__(inside))((uintptr_t)number + 8);
	CHECK(percpu_free(&inside) == PERCPU_EHANDLE);
	inside = (__typeof__(inside))((uintptr_t)number + 4);
	CHECK(percpu_free(&inside) == PERCPU_EHANDLE);
	CHECK(info().blocks == 1 && info().free == 65536 - 64);
	CHECK(percpu_free(&number) == 0);
}

/* The two halves of a reserve that is full, one of which is grown. */
static PERCPU_PTR(char[60000]) first;
static PERCPU_PTR(char[60000]) second;
static PERCPU_PTR(char[60000]) third;

static void growing(void)
{
	char *memory, *there;
	size_t stride = percpu_area_size();
	void *map = malloc(percpu_map_size(stride));

	begin();
	memory = aligned_alloc(4096, NCPU * stride);
	CHECK(percpu_alloc(&first) == 0 && percpu_alloc(&second) == PERCPU_ENOMEM);
	CHECK(percpu_grow(percpu_area_base(1), 64, map) == PERCPU_EOVERLAP);
	CHECK(percpu_grow(memory, stride + 64, map) == PERCPU_EINVAL);
	CHECK(percpu_grow(memory + 8, 64, map) == PERCPU_EALIGN);
	CHECK(percpu_grow(memory, stride, NULL) == PERCPU_EINVAL);
	CHECK(percpu_grow(memory, stride, map) == 0);
	CHECK(percpu_grow(memory + stride, 64, map) == PERCPU_EOVERLAP);
	CHECK(percpu_alloc(&second) == 0 && percpu_alloc(&third) == PERCPU_ENOMEM);
	percpu_for_each (cpu)
		percpu_write_on(percpu_at(second)[59999], cpu, (char)cpu);
	there = *percpu_ptr_on(percpu_at(second), 0);
	CHECK(there >= memory && there < memory + stride && there[2 * stride + 59999] == 2);
	CHECK(info().sets == 2 && info().blocks == 2);
	CHECK(percpu_shrink(memory) == PERCPU_EBUSY && percpu_free(&second) == 0);
	CHECK(percpu_shrink(memory) == 0 && percpu_shrink(memory) == PERCPU_EINVAL);
	CHECK(percpu_free(&first) == 0 && info().free == 65536);
	free(map);
	free(memory);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"every copy of a new variable is 0", zero_everywhere},
		{"accessors take percpu_at as they take a static variable", accessors},
		{"what is freed is free, and no handle of it is taken", freeing},
		{"wrong calls are named, and change nothing", wrong_calls},
		{"more memory can be given, and taken back", growing},
	};

	UNIT_RUN(tests);
}

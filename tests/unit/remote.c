/* SPDX-License-Identifier: MIT */
/*
 * Other CPUs' copies. It fails if an access reaches another copy than that of the CPU it names, if
 * a CPU without an area is not caught, or if a sum is not exact modulo 2^64.
 */
#include <percpu.h>

#include <setjmp.h>
#include <string.h>

#include "common/unit.h"
#include "common/watch.h"

#define NCPU 5

enum colour { RED, GREEN, BLUE };

struct pair {
	uint32_t a, b;
};

PERCPU_DEFINE(uint64_t, u64) = 64;
static PERCPU_DEFINE(int64_t, s64);
static PERCPU_DEFINE(int8_t[3], s8) = {-1, -2, -3};
static PERCPU_DEFINE(uint8_t, u8);
static PERCPU_DEFINE(bool, flag);
static PERCPU_DEFINE(enum colour, colour) = BLUE;
static PERCPU_DEFINE_FAR(int16_t[100], far_s16) = {[99] = -5};
static PERCPU_DEFINE_FAR(void *, far_pointer);
PERCPU_DEFINE(struct pair, pair) = {1, 2};

static jmp_buf after_panic;
static const char *why_panic;

/* The library takes this one instead of its own. */
void percpu_panic(const char *why)
{
	why_panic = why;
	longjmp(after_panic, 1);
}

static void pointers(void)
{
	watch_init(NCPU, 0);
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		char *base = percpu_area_base(cpu);

		CHECK((char *)percpu_ptr_on(u64, cpu) == base + percpu_offset(u64));
		CHECK((char *)percpu_ptr_on(s8, cpu) == base + percpu_offset(s8));
		CHECK((char *)percpu_ptr_on(s8[2], cpu) == base + percpu_offset(s8) + 2);
		CHECK((char *)percpu_ptr_on(far_s16[99], cpu) ==
		      base + percpu_offset(far_s16) + 198);
		CHECK((char *)percpu_ptr_on(pair.b, cpu) == base + percpu_offset(pair) + 4);
	}
	CHECK(percpu_ptr_on(u64, NCPU) == NULL && percpu_ptr_on(far_s16, NCPU) == NULL);
	CHECK(percpu_ptr_on(pair, SIZE_MAX) == NULL);
}

static void writes_one(void)
{
	watch_init(NCPU, 3);
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		int8_t small = (int8_t)(50 - 30 * (int)cpu);

		percpu_write_on(u64, cpu, 1000 + cpu);
		percpu_write_on(s8[1], cpu, small);
		percpu_write_on(far_s16[98], cpu, small);
		percpu_write_on(pair.b, cpu, (uint32_t)cpu);
		percpu_write_on(flag, cpu, cpu == 2);
		percpu_write_on(colour, cpu, cpu == 2 ? GREEN : RED);
		percpu_write_on(far_pointer, cpu, percpu_area_base(cpu));
	}
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		CHECK(percpu_set_local_thread_pointer(cpu) == 0);
		CHECK(percpu_read(u64) == 1000 + cpu && percpu_read(pair.b) == cpu);
		CHECK(percpu_read(s8[1]) == 50 - 30 * (int)cpu);
		CHECK(percpu_read(far_s16[98]) == 50 - 30 * (int)cpu);
		CHECK(percpu_read(flag) == (cpu == 2));
		CHECK(percpu_read(colour) == (cpu == 2 ? GREEN : RED));
		CHECK(percpu_read(far_pointer) == percpu_area_base(cpu));
		CHECK(percpu_read(s8[0]) == -1 && percpu_read(s8[2]) == -3);
		CHECK(percpu_read(pair.a) == 1 && percpu_read(far_s16[99]) == -5);
	}
}

static void reads_one(void)
{
	watch_init(NCPU, 0);
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		CHECK(percpu_set_local_thread_pointer(cpu) == 0);
		percpu_write(u64, UINT64_MAX - cpu);
		percpu_write(s8[0], (int8_t)-100);
		percpu_write(far_s16[99], (int16_t)(-300 - (int)cpu));
	}
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		CHECK(percpu_read_on(u64, cpu) == UINT64_MAX - cpu);
		CHECK(percpu_read_on(s8[0], cpu) == -100 && percpu_read_on(s8[1], cpu) == -2);
		CHECK(percpu_read_on(far_s16[99], cpu) == -300 - (int)cpu);
		CHECK(percpu_read_on(colour, cpu) == BLUE);
	}
}

static size_t no_cpu;

static void read_of_none(void)
{
	why_panic = NULL;
	if (!setjmp(after_panic))
		CHECK(percpu_read_on(u64, no_cpu) && false);
	CHECK(why_panic && strstr(why_panic, "no area"));
	CHECK(watch_unchanged());
}

static void write_to_none(void)
{
	why_panic = NULL;
	if (!setjmp(after_panic)) {
		percpu_write_on(far_s16[3], no_cpu, 1);
		CHECK(false);
	}
	CHECK(why_panic && strstr(why_panic, "no area"));
	CHECK(watch_unchanged());
}

/* Each on a CPU on which no check has failed yet. */
static void no_such_cpu(void)
{
	static const size_t no_cpus[] = {NCPU, NCPU + 1, SIZE_MAX};

	watch_init(NCPU, 0);
	watch_start();
	for (size_t i = 0; i < 3; i++) {
		no_cpu = no_cpus[i];
		CHECK(unit_fork(read_of_none) == 0);
		CHECK(unit_fork(write_to_none) == 0);
	}
}

static void before_initialisation(void)
{
	why_panic = NULL;
	if (!setjmp(after_panic))
		CHECK(percpu_read_on(u64, 0) && false);
	CHECK(why_panic);
	CHECK(percpu_sum(u64) == 0);
	percpu_for_each (cpu)
		CHECK(cpu && false);
}

static void each(void)
{
	size_t expected = 0;

	watch_init(NCPU, 0);
	percpu_for_each (cpu)
		CHECK(cpu == expected++);
	CHECK(expected == NCPU);
}

static void sums(void)
{
	watch_init(NCPU, 1);
	CHECK(percpu_sum(u64) == 64 * NCPU);
	CHECK(percpu_sum(s8[2]) == -3 * NCPU && percpu_sum(far_s16[99]) == -5 * NCPU);
	CHECK(percpu_sum(colour) == BLUE * NCPU && percpu_sum(flag) == 0);
	percpu_for_each (cpu) {
		percpu_write_on(s64, cpu, cpu % 2 ? -1000000000000 : 7);
		percpu_write_on(u8, cpu, 255);
		percpu_write_on(flag, cpu, cpu != 3);
		percpu_write_on(s8[0], cpu, INT8_MIN);
	}
	CHECK(percpu_sum(s64) == -2000000000000 + 3 * 7);
	CHECK(percpu_sum(u8) == 255 * NCPU && percpu_sum(flag) == NCPU - 1);
	CHECK(percpu_sum(s8[0]) == INT8_MIN * NCPU);
}

static void sums_wrap(void)
{
	watch_init(3, 0);
	percpu_for_each (cpu) {
		percpu_write_on(u64, cpu, UINT64_MAX);
		percpu_write_on(s64, cpu, INT64_MAX);
	}
	CHECK(percpu_sum(u64) == UINT64_MAX - 2);
	CHECK(percpu_sum(s64) == INT64_MAX - 2);
	percpu_for_each (cpu)
		percpu_write_on(s64, cpu, INT64_MIN);
	CHECK(percpu_sum(s64) == INT64_MIN);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"percpu_ptr_on points into that CPU's area, or is NULL", pointers},
		{"percpu_write_on writes that CPU's copy and no neighbour", writes_one},
		{"percpu_read_on reads that CPU's copy, with its sign", reads_one},
		{"reading or writing on a CPU without an area calls percpu_panic", no_such_cpu},
		{"before initialisation no CPU is found", before_initialisation},
		{"percpu_for_each visits each CPU once, in rising order", each},
		{"percpu_sum adds every copy, with its sign", sums},
		{"percpu_sum wraps modulo 2^64", sums_wrap},
	};

	UNIT_RUN(tests);
}

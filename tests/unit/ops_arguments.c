/* SPDX-License-Identifier: MIT */
/*
 * What the operations do with their arguments. It fails if one is evaluated twice or not at all, if
 * a value reaches the variable otherwise than by an assignment's conversion, or if an operation
 * within another's arguments disturbs it.
 */
#include <percpu.h>

#include "common/unit.h"
#include "common/watch.h"

#define NCPU 3

PERCPU_DEFINE(uint32_t[4], counts) = {10, 20, 30, 40};
static PERCPU_DEFINE_FAR(int16_t[4], far_counts) = {-1, -2, -3, -4};
static PERCPU_DEFINE(uint64_t, u64);
static PERCPU_DEFINE(uint32_t, u32);
static PERCPU_DEFINE(int64_t, s64);
static PERCPU_DEFINE(uint8_t, u8);
static PERCPU_DEFINE(int8_t, s8);

static size_t indices, values, cpus_asked;

static size_t position(size_t i)
{
	indices++;
	return i;
}

static int16_t value(int16_t v)
{
	values++;
	return v;
}

static size_t cpu_number(size_t cpu)
{
	cpus_asked++;
	return cpu;
}

/* That STATEMENT evaluates its index once, its value VALUE_TIMES and its CPU CPU_TIMES. */
#define EVALUATES(statement, value_times, cpu_times)                                               \
	do {                                                                                       \
		indices = values = cpus_asked = 0;                                                 \
		(void)(statement);                                                                 \
		CHECK(indices == 1);                                                               \
		CHECK(values == (value_times) && cpus_asked == (cpu_times));                       \
	} while (0)

static void once(void)
{
	int16_t found = 0, *place = &found;

	watch_init(NCPU, 0);
	EVALUATES(percpu_read(far_counts[position(1)]), 0, 0);
	EVALUATES(percpu_write(far_counts[position(1)], value(3)), 1, 0);
	EVALUATES(percpu_add(far_counts[position(1)], value(3)), 1, 0);
	EVALUATES(percpu_sub(far_counts[position(1)], value(3)), 1, 0);
	EVALUATES(percpu_and(far_counts[position(1)], value(3)), 1, 0);
	EVALUATES(percpu_or(far_counts[position(1)], value(3)), 1, 0);
	EVALUATES(percpu_xor(far_counts[position(1)], value(3)), 1, 0);
	EVALUATES(percpu_inc(far_counts[position(1)]), 0, 0);
	EVALUATES(percpu_dec(far_counts[position(1)]), 0, 0);
	EVALUATES(percpu_add_return(far_counts[position(1)], value(3)), 1, 0);
	EVALUATES(percpu_inc_return(far_counts[position(1)]), 0, 0);
	EVALUATES(percpu_dec_return(far_counts[position(1)]), 0, 0);
	EVALUATES(percpu_xchg(far_counts[position(1)], value(3)), 1, 0);
	EVALUATES(percpu_raw_add(far_counts[position(1)], value(3)), 1, 0);
	EVALUATES(percpu_cmpxchg(far_counts[position(1)], value(1), value(2)), 2, 0);
	EVALUATES(percpu_try_cmpxchg(far_counts[position(1)], place++, value(2)), 1, 0);
	CHECK(place == &found + 1);
	EVALUATES(percpu_reset(far_counts[position(1)]), 0, 0);
	EVALUATES(percpu_ptr(far_counts[position(1)]), 0, 0);
	EVALUATES(percpu_offset(far_counts[position(1)]), 0, 0);
	EVALUATES(percpu_sum(far_counts[position(1)]), 0, 0);
	EVALUATES(percpu_ptr_on(far_counts[position(1)], cpu_number(2)), 0, 1);
	EVALUATES(percpu_read_on(far_counts[position(1)], cpu_number(2)), 0, 1);
	EVALUATES(percpu_write_on(far_counts[position(1)], cpu_number(2), value(3)), 1, 1);
}

static void increments(void)
{
	size_t i = 0;
	uint32_t v = 1;

	watch_init(NCPU, 1);
	percpu_add(counts[i++], v++);
	percpu_add(counts[i++], v++);
	CHECK(percpu_xchg(counts[i++], v++) == 30);
	CHECK(percpu_add_return(counts[i++], v++) == 44);
	CHECK(i == 4 && v == 5);
	CHECK(percpu_read(counts[--i]) == 44 && percpu_read(counts[--i]) == 3);
	CHECK(percpu_read(counts[--i]) == 22 && percpu_read(counts[--i]) == 11);
	CHECK(i == 0);
}

/* An operand of fewer bits is extended by its own signedness before the operation. */
static void widened(void)
{
	const uint32_t low = 0xff;
	const int8_t minus = -2;

	watch_init(NCPU, 1);
	percpu_write(u64, UINT64_MAX);
	percpu_and(u64, ~low);
	CHECK(percpu_read(u64) == 0xffffff00);
	percpu_write(s64, 10);
	percpu_add(s64, minus);
	CHECK(percpu_read(s64) == 8);
	percpu_sub(s64, low);
	CHECK(percpu_read(s64) == -247);
	percpu_and(s64, minus);
	CHECK(percpu_read(s64) == -248);
	CHECK(percpu_cmpxchg(s64, -248, minus) == -248 && percpu_read(s64) == -2);
	CHECK(percpu_add_return(s64, minus) == -4);
	percpu_write_on(s64, 2, minus);
	CHECK(percpu_read_on(s64, 2) == -2);
}

/* A value of more bits is cut, and a negative one compares as one of the variable's type. */
static void narrowed(void)
{
	watch_init(NCPU, 1);
	percpu_write(u8, (uint8_t)0x1ff);
	CHECK(percpu_read(u8) == 0xff && percpu_inc_return(u8) == 0);
	CHECK(percpu_dec_return(u8) == 255);
	percpu_write(s8, -128);
	CHECK(percpu_dec_return(s8) == 127 && percpu_inc_return(s8) == -128);
	CHECK(percpu_xchg(s8, -1) == -128 && percpu_cmpxchg(s8, -1, 5) == -1);
	CHECK(percpu_read(s8) == 5);
	CHECK(percpu_cmpxchg(u8, 255, 1) == 255 && percpu_read(u8) == 1);
}

/* Arguments are whole expressions, whatever their operators. */
static void expressions(void)
{
	volatile uint32_t x = 4;

	watch_init(NCPU, 1);
	percpu_write(u32, x + 1);
	CHECK(percpu_read(u32) == 5);
	percpu_sub(u32, x - 1);
	CHECK(percpu_read(u32) == 2);
	percpu_add(u32, x ? 10 : 20);
	CHECK(percpu_read(u32) == 12);
	percpu_and(u32, 1 | x);
	CHECK(percpu_read(u32) == 4);
	percpu_or(u32, x & 8);
	CHECK(percpu_read(u32) == 4);
	percpu_xor(u32, (x = 3, 2));
	CHECK(percpu_read(u32) == 6 && x == 3);
	CHECK(percpu_cmpxchg(u32, x ? 6 : 0, x < 3 ? 1 : 2) == 6 && percpu_read(u32) == 2);
	CHECK(percpu_read(counts[x ? 1 : 2]) == 20 && percpu_read(counts[x - 1]) == 30);
	CHECK(-percpu_read(u32) + 3 == 1 && !percpu_read(u32) + 1 == 1);
	percpu_write_on(u32, x > 5 ? 0 : 2, x + 1);
	CHECK(percpu_read_on(u32, x - 1) == 4);
}

static void statements(void)
{
	watch_init(NCPU, 1);
	if (percpu_read(u32))
		percpu_inc(u32);
	else
		percpu_write(u32, 7);
	for (percpu_write(u64, 0); percpu_read(u64) < 5; percpu_inc(u64))
		percpu_add(u32, 1);
	CHECK(percpu_read(u32) == 12 && percpu_read(u64) == 5);
}

static void nested(void)
{
	uint32_t expected = 7;

	watch_init(NCPU, 1);
	percpu_write(u32, 2);
	percpu_add(u32, percpu_read(u32));
	CHECK(percpu_read(u32) == 4);
	percpu_add(u32, percpu_xchg(u32, 1));
	CHECK(percpu_read(u32) == 5);
	percpu_write(u32, percpu_add_return(u32, percpu_inc_return(u32)) + 1);
	CHECK(percpu_read(u32) == 13);
	CHECK(percpu_cmpxchg(u32, percpu_read(u32), percpu_cmpxchg(u32, 13, 6)) == 6);
	percpu_write(u32, 7);
	CHECK(percpu_try_cmpxchg(u32, &expected, 4) && expected == 7);
	percpu_write(u32, 2);
	percpu_inc(counts[percpu_read(u32)]);
	CHECK(percpu_read(counts[percpu_add_return(u32, 0)]) == 31);
	percpu_write_on(counts[percpu_read(u32)], percpu_cpu_id() + 1, percpu_read_on(u32, 1));
	CHECK(percpu_read_on(counts[2], 2) == 2);
	CHECK(percpu_sum(counts[percpu_read(u32)]) == 30 + 31 + 2);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"each operation evaluates its index, value and CPU once", once},
		{"increments among the arguments happen once", increments},
		{"a narrower value is extended as an assignment would", widened},
		{"values are cut to the variable's size, and compare in its type", narrowed},
		{"any expression is an argument, without parentheses", expressions},
		{"an operation is one statement or expression", statements},
		{"an operation may stand in another's arguments", nested},
	};

	UNIT_RUN(tests);
}

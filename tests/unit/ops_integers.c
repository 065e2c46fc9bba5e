/* SPDX-License-Identifier: MIT */
/*
 * Every operation on integers of every size and signedness, near and far, as a variable, a field
 * and an array's element. Each is held against the same step in C on an ordinary variable. It fails
 * if the result or the value differs, if any other byte of any area or of the template changes, or
 * if interrupts are left off.
 */
#include <percpu.h>

#include "common/unit.h"
#include "common/watch.h"

#define NCPU 3

/* In threes: the one in the middle has neighbours of its size on both sides. */
struct fields {
	uint8_t u8[3];
	int8_t s8[3];
	uint16_t u16[3];
	int16_t s16[3];
	uint32_t u32[3];
	int32_t s32[3];
	uint64_t u64[3];
	int64_t s64[3];
};

PERCPU_DEFINE(uint8_t, near_u8);
PERCPU_DEFINE(int8_t, near_s8);
PERCPU_DEFINE(uint16_t, near_u16);
PERCPU_DEFINE(int16_t, near_s16);
PERCPU_DEFINE(uint32_t, near_u32);
PERCPU_DEFINE(int32_t, near_s32);
PERCPU_DEFINE(uint64_t, near_u64);
PERCPU_DEFINE(int64_t, near_s64);
static PERCPU_DEFINE(struct fields, near_fields);
static PERCPU_DEFINE(struct fields[2], near_array);
static PERCPU_DEFINE_FAR(uint8_t, far_u8);
static PERCPU_DEFINE_FAR(int64_t, far_s64);
static PERCPU_DEFINE_FAR(struct fields, far_fields);
static PERCPU_DEFINE_PAGE(struct fields[2], page_array);

/* What is in the variable, and what is done with it: with carries and borrows out of every size. */
static const struct {
	uint64_t start, operand;
} cases[] = {
	{0, 1},
	{1, 2},
	{UINT64_MAX, 1},
	{UINT64_MAX, UINT64_MAX},
	{0x7f7f7f7f7f7f7f7f, 0x0101010101010101},
	{0x7fff7fff7fff7fff, 1},
	{0x7fffffff7fffffff, 0x80000000ffffffff},
	{0x8000000000000000, 0x7fffffffffffffff},
	{0x8080808080808080, 0x8080808080808080},
	{0xa5c3f00f12345678, 0x5a3c0ff0edcba987},
};

#define CASES (sizeof(cases) / sizeof(cases[0]))

/*
 * Does OPERATION, which must give RESULT and leave NEXT in the variable. MODEL holds the value
 * before; RESULT and NEXT are computed in 64 bits and cut to TYPE.
 */
#define GIVES(lv, type, operation, result, next)                                                   \
	do {                                                                                       \
		const type expected_ = (type)(result), next_ = (type)(next);                       \
                                                                                                   \
		watch_start();                                                                     \
		CHECK((operation) == expected_);                                                   \
		model = next_;                                                                     \
		CHECK(watch_found(percpu_offset(lv), &model, sizeof(model)));                      \
		CHECK(percpu_host_irqs_off == 0);                                                  \
	} while (0)

/* The same for one without a result. */
#define LEAVES(lv, type, operation, next) GIVES(lv, type, ((operation), 0), 0, next)

#define UPDATES(lv, type)                                                                          \
	do {                                                                                       \
		LEAVES(lv, type, percpu_write(lv, start), start);                                  \
		LEAVES(lv, type, percpu_add(lv, operand), (uint64_t)model + (uint64_t)operand);    \
		LEAVES(lv, type, percpu_sub(lv, operand), (uint64_t)model - (uint64_t)operand);    \
		LEAVES(lv, type, percpu_sub(lv, operand), (uint64_t)model - (uint64_t)operand);    \
		LEAVES(lv, type, percpu_raw_add(lv, operand),                                      \
		       (uint64_t)model + (uint64_t)operand);                                       \
		LEAVES(lv, type, percpu_inc(lv), (uint64_t)model + 1);                             \
		LEAVES(lv, type, percpu_dec(lv), (uint64_t)model - 1);                             \
		LEAVES(lv, type, percpu_xor(lv, operand), model ^ operand);                        \
		LEAVES(lv, type, percpu_and(lv, operand), model &operand);                         \
		LEAVES(lv, type, percpu_or(lv, start), model | start);                             \
	} while (0)

#define RETURNS(lv, type)                                                                          \
	do {                                                                                       \
		GIVES(lv, type, percpu_read(lv), model, model);                                    \
		GIVES(lv, type, percpu_add_return(lv, operand),                                    \
		      (uint64_t)model + (uint64_t)operand, (uint64_t)model + (uint64_t)operand);   \
		GIVES(lv, type, percpu_inc_return(lv), (uint64_t)model + 1, (uint64_t)model + 1);  \
		GIVES(lv, type, percpu_dec_return(lv), (uint64_t)model - 1, (uint64_t)model - 1);  \
		GIVES(lv, type, percpu_xchg(lv, start), model, start);                             \
		GIVES(lv, type, percpu_cmpxchg(lv, start, operand), model, operand);               \
		GIVES(lv, type, percpu_cmpxchg(lv, (type)~model, start), model, model);            \
	} while (0)

#define TRIES(lv, type)                                                                            \
	do {                                                                                       \
		type wanted = model;                                                               \
                                                                                                   \
		GIVES(lv, type, percpu_try_cmpxchg(lv, &wanted, start), true, start);              \
		CHECK(wanted == operand);                                                          \
		wanted = (type)~model;                                                             \
		GIVES(lv, type, percpu_try_cmpxchg(lv, &wanted, operand), false, model);           \
		CHECK(wanted == start);                                                            \
		LEAVES(lv, type, percpu_reset(lv), 0);                                             \
	} while (0)

/* What is done with LV for each case; TRIES finds OPERAND in it. */
#define EVERYTHING(lv, type)                                                                       \
	for (size_t i = 0; i < CASES; i++) {                                                       \
		const type start = (type)cases[i].start, operand = (type)cases[i].operand;         \
		type model;                                                                        \
                                                                                                   \
		UPDATES(lv, type);                                                                 \
		RETURNS(lv, type);                                                                 \
		TRIES(lv, type);                                                                   \
	}

static void near_variables(void)
{
	watch_init(NCPU, 1);
	EVERYTHING(near_u8, uint8_t);
	EVERYTHING(near_s8, int8_t);
	EVERYTHING(near_u16, uint16_t);
	EVERYTHING(near_s16, int16_t);
	EVERYTHING(near_u32, uint32_t);
	EVERYTHING(near_s32, int32_t);
	EVERYTHING(near_u64, uint64_t);
	EVERYTHING(near_s64, int64_t);
}

static void far_variables(void)
{
	watch_init(NCPU, 2);
	EVERYTHING(far_u8, uint8_t);
	EVERYTHING(far_s64, int64_t);
}

/* Fields that are an array's elements, at an index known when compiling. */
static void near_elements(void)
{
	watch_init(NCPU, 0);
	EVERYTHING(near_fields.u8[1], uint8_t);
	EVERYTHING(near_fields.s8[0], int8_t);
	EVERYTHING(near_fields.u16[1], uint16_t);
	EVERYTHING(near_fields.s16[2], int16_t);
	EVERYTHING(near_fields.u32[1], uint32_t);
	EVERYTHING(near_fields.s32[0], int32_t);
	EVERYTHING(near_fields.u64[1], uint64_t);
	EVERYTHING(near_fields.s64[2], int64_t);
}

static void far_elements(void)
{
	watch_init(NCPU, 1);
	EVERYTHING(far_fields.u8[2], uint8_t);
	EVERYTHING(far_fields.s8[1], int8_t);
	EVERYTHING(far_fields.u16[0], uint16_t);
	EVERYTHING(far_fields.s16[1], int16_t);
	EVERYTHING(far_fields.u32[2], uint32_t);
	EVERYTHING(far_fields.s32[1], int32_t);
	EVERYTHING(far_fields.u64[0], uint64_t);
	EVERYTHING(far_fields.s64[1], int64_t);
}

/* At indices that the compiler does not know. */
static void near_indexed(void)
{
	watch_init(NCPU, 2);
	for (volatile size_t n = 0; n < 6; n++) {
		EVERYTHING(near_array[n % 2].u8[n % 3], uint8_t);
		EVERYTHING(near_array[n % 2].s16[n % 3], int16_t);
		EVERYTHING(near_array[n % 2].u32[n % 3], uint32_t);
		EVERYTHING(near_array[n % 2].s64[n % 3], int64_t);
	}
}

static void far_indexed(void)
{
	watch_init(NCPU, 0);
	for (volatile size_t n = 0; n < 6; n++) {
		EVERYTHING(page_array[n % 2].s8[n % 3], int8_t);
		EVERYTHING(page_array[n % 2].u16[n % 3], uint16_t);
		EVERYTHING(page_array[n % 2].s32[n % 3], int32_t);
		EVERYTHING(page_array[n % 2].u64[n % 3], uint64_t);
	}
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"each operation does what C does, to a near variable alone", near_variables},
		{"the same on far variables", far_variables},
		{"the same on near fields and elements", near_elements},
		{"the same on far fields and elements", far_elements},
		{"the same on near elements at an index of run time", near_indexed},
		{"the same on far elements at an index of run time", far_indexed},
	};

	UNIT_RUN(tests);
}

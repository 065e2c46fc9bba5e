/* SPDX-License-Identifier: MIT */
/*
 * The types of what the accessors give, checked when compiling, and where a pointer of such a type
 * leads. It fails to compile if a far variable's volatile shows behind a pointer, or
 * an integer promotion in a value.
 */
#include <percpu.h>

#include "common/unit.h"
#include "common/watch.h"

enum colour { RED, GREEN };

struct pair {
	uint16_t first;
	int32_t second[2];
};

typedef void function(int);

PERCPU_DEFINE(uint8_t, near_u8);
static PERCPU_DEFINE(int16_t, near_s16);
static PERCPU_DEFINE(bool, near_flag);
static PERCPU_DEFINE(enum colour, near_colour);
static PERCPU_DEFINE(const char *, near_text);
static PERCPU_DEFINE(function *, near_function);
static PERCPU_DEFINE(struct pair, near_pair);
static PERCPU_DEFINE(uint32_t[7], near_array);
static PERCPU_DEFINE(uint8_t[2][3], near_table);
static PERCPU_DEFINE(int64_t, near_s64);
static PERCPU_DEFINE(uint64_t, near_u64);
static PERCPU_DEFINE_FAR(uint8_t, far_u8);
static PERCPU_DEFINE_FAR(int64_t, far_s64);
static PERCPU_DEFINE_FAR(struct pair *, far_pointer);
static PERCPU_DEFINE_FAR(struct pair, far_pair);
static PERCPU_DEFINE_FAR(uint32_t[7], far_array);
static PERCPU_DEFINE_FAR(struct pair[2], far_pairs);
static PERCPU_DEFINE_PAGE(char[100], page_text);

/* Not compared are a value's own qualifiers, which mean nothing; those behind a pointer are. */
#define SAME(expression, type) __builtin_types_compatible_p(__typeof__(expression), type)
#define IS(expression, type) _Static_assert(SAME(expression, type), #expression " is a " #type)

static void values(void)
{
	IS(percpu_read(near_u8), uint8_t);
	IS(percpu_read(far_u8), uint8_t);
	IS(percpu_read(near_s16), int16_t);
	IS(percpu_read(near_flag), bool);
	IS(percpu_read(near_colour), enum colour);
	IS(percpu_read(near_text), const char *);
	IS(percpu_read(far_pointer), struct pair *);
	IS(percpu_read(near_function), function *);
	IS(percpu_read(near_array[3]), uint32_t);
	IS(percpu_read(far_pair.second[1]), int32_t);
	IS(percpu_read(page_text[0]), char);
	IS(percpu_read_on(far_u8, 0), uint8_t);
	IS(percpu_add_return(near_u8, 1), uint8_t);
	IS(percpu_inc_return(far_s64), int64_t);
	IS(percpu_dec_return(near_s16), int16_t);
	IS(percpu_xchg(far_u8, 1), uint8_t);
	IS(percpu_cmpxchg(far_pointer, NULL, NULL), struct pair *);
	IS(percpu_offset(far_array), size_t);
	IS(percpu_cpu_id(), size_t);
	watch_init(1, 0);
	CHECK(percpu_inc_return(near_u8) - 2 == -1);
}

static void pointers(void)
{
	IS(percpu_ptr(near_u8), uint8_t *);
	IS(percpu_ptr(near_flag), bool *);
	IS(percpu_ptr(near_text), const char **);
	IS(percpu_ptr(near_pair), struct pair *);
	IS(percpu_ptr(near_array), uint32_t(*)[7]);
	IS(percpu_ptr(near_array[2]), uint32_t *);
	IS(percpu_ptr(near_table), uint8_t(*)[2][3]);
	IS(percpu_ptr(near_table[1]), uint8_t(*)[3]);
	IS(percpu_ptr_on(near_pair.second, 0), int32_t(*)[2]);
	watch_init(2, 1);
	CHECK((char *)percpu_ptr(near_array[2]) == (char *)percpu_ptr(near_array) + 8);
	CHECK((char *)percpu_ptr(near_table[1]) == (char *)percpu_ptr(near_table) + 3);
}

static void far_pointers(void)
{
	IS(percpu_ptr(far_u8), uint8_t *);
	IS(percpu_ptr(far_pointer), struct pair **);
	IS(percpu_ptr(far_pair), struct pair *);
	IS(percpu_ptr(far_pair.first), uint16_t *);
	IS(percpu_ptr(far_pair.second), int32_t(*)[2]);
	IS(percpu_ptr(far_array), uint32_t(*)[7]);
	IS(percpu_ptr(far_array[2]), uint32_t *);
	IS(percpu_ptr(far_pairs), struct pair(*)[2]);
	IS(percpu_ptr(far_pairs[1]), struct pair *);
	IS(percpu_ptr(page_text), char(*)[100]);
	IS(percpu_ptr_on(far_pair, 0), struct pair *);
	IS(percpu_ptr_on(far_array, 0), uint32_t(*)[7]);
	IS(percpu_ptr_on(page_text, 0), char(*)[100]);
	watch_init(2, 1);
	CHECK((char *)percpu_ptr(far_pairs[1]) ==
	      (char *)percpu_ptr(far_pairs) + sizeof(struct pair));
	CHECK((char *)percpu_ptr_on(far_pair.second, 1) ==
	      (char *)percpu_ptr(far_pair) + offsetof(struct pair, second));
}

static void sums(void)
{
	IS(percpu_sum(near_u8), uint64_t);
	IS(percpu_sum(near_s16), int64_t);
	IS(percpu_sum(near_flag), uint64_t);
	IS(percpu_sum(near_s64), int64_t);
	IS(percpu_sum(near_u64), uint64_t);
	IS(percpu_sum(far_u8), uint64_t);
	IS(percpu_sum(far_s64), int64_t);
	IS(percpu_sum(far_array[1]), uint64_t);
	IS(percpu_sum(far_pair.second[0]), int64_t);
	watch_init(2, 1);
	percpu_write(near_s16, -1);
	CHECK(percpu_sum(near_s16) < 0);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"values have the variable's type, not a promoted one", values},
		{"percpu_ptr of a near variable points to its type", pointers},
		{"percpu_ptr of a far variable has no volatile", far_pointers},
		{"percpu_sum is int64_t of signed variables and uint64_t of others", sums},
	};

	UNIT_RUN(tests);
}

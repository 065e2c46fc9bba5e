/* SPDX-License-Identifier: MIT */
/*
 * Variables called as the library might call something of its own. It fails, or does not compile,
 * if the accessors work on a local of theirs instead of on the user's variable.
 */
#include <percpu.h>

#include "common/unit.h"
#include "common/watch.h"

PERCPU_DEFINE(uint64_t, value) = 5;
static PERCPU_DEFINE(uint64_t, v) = 5;
static PERCPU_DEFINE(uint64_t, p) = 5;
static PERCPU_DEFINE(uint64_t, e) = 5;
static PERCPU_DEFINE(uint64_t, at) = 5;
static PERCPU_DEFINE(uint64_t, old) = 5;
static PERCPU_DEFINE(uint64_t, operand) = 5;
static PERCPU_DEFINE(uint64_t, flags) = 5;
static PERCPU_DEFINE(uint64_t, expected) = 5;
static PERCPU_DEFINE(uint64_t, place) = 5;
static PERCPU_DEFINE(uint64_t, wanted) = 5;
static PERCPU_DEFINE(uint64_t, found) = 5;
static PERCPU_DEFINE(uint64_t, initial) = 5;
static PERCPU_DEFINE(uint64_t, total) = 5;
static PERCPU_DEFINE(uint64_t, cpu) = 5;
static PERCPU_DEFINE_FAR(uint64_t, result) = 5;
static PERCPU_DEFINE_FAR(uint64_t, type) = 5;
static PERCPU_DEFINE_FAR(uint64_t, sum) = 5;
static PERCPU_DEFINE_FAR(uint64_t, offset) = 5;
static PERCPU_DEFINE_FAR(uint64_t, name) = 5;

/* On a variable that holds 5, through each kind of accessor. */
#define WORKS(name)                                                                                \
	do {                                                                                       \
		uint64_t was = 8, now = 9;                                                         \
                                                                                                   \
		CHECK(percpu_read(name) == 5);                                                     \
		percpu_write(name, 6);                                                             \
		percpu_add(name, 4);                                                               \
		percpu_sub(name, 3);                                                               \
		percpu_raw_add(name, 2);                                                           \
		CHECK(*percpu_ptr_on(name, 1) == 9 && percpu_inc_return(name) == 10);              \
		CHECK(percpu_xchg(name, 8) == 10 && percpu_cmpxchg(name, 8, 9) == 8);              \
		CHECK(!percpu_try_cmpxchg(name, &was, 3) && was == 9);                             \
		CHECK(percpu_try_cmpxchg(name, &now, 2) && percpu_read(name) == 2);                \
		percpu_write_on(name, 0, 1);                                                       \
		CHECK(percpu_read_on(name, 0) == 1 && percpu_sum(name) == 3);                      \
		percpu_reset(name);                                                                \
		CHECK(*percpu_ptr(name) == 5);                                                     \
	} while (0)

static void words_of_operations(void)
{
	watch_init(2, 1);
	WORKS(value);
	WORKS(v);
	WORKS(p);
	WORKS(e);
	WORKS(at);
	WORKS(old);
	WORKS(operand);
	WORKS(flags);
}

static void words_of_exchanges(void)
{
	watch_init(2, 1);
	WORKS(expected);
	WORKS(place);
	WORKS(wanted);
	WORKS(found);
}

static void words_of_others(void)
{
	watch_init(2, 1);
	WORKS(initial);
	WORKS(total);
	WORKS(cpu);
	WORKS(result);
	WORKS(type);
	WORKS(sum);
	WORKS(offset);
	WORKS(name);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"a variable may be called value, v, p, e, at, old, operand or flags",
		 words_of_operations},
		{"a variable may be called expected, place, wanted or found", words_of_exchanges},
		{"a variable may be called initial, total, cpu, type or sum", words_of_others},
	};

	UNIT_RUN(tests);
}

// SPDX-License-Identifier: MIT
//
// The operations in C++17, run: on every size of enum class and of integer, on bool and pointers,
// near and far, as variables, fields and elements at an index known when compiling or only at run
// time. It fails if a result, its type or a value is wrong, if any other byte of any area or of the
// template changes, or if an index or a value is evaluated otherwise than once.
#include <percpu.h>

extern "C" {
#include "common/unit.h"
#include "common/watch.h"
}

#define NCPU 3

namespace
{

enum class Tiny : uint8_t { zero, one, mask = 0xf0, all = 0xff };
enum class Small : int16_t { zero, one, mask = -0x100, all = -1 };
enum class Medium : uint32_t { zero, one, mask = 0xffff0000, all = 0xffffffff };
enum class Large : int64_t { zero, one, mask = INT64_MIN, all = -1 };
enum Plain { zero, one, mask = 0x7f0000, all = 0x7fffff };

// In threes: the one in the middle has neighbours of its size on both sides.
struct Fields {
	Tiny tiny[3];
	Small small[3];
	Medium medium[3];
	Large large[3];
	Plain plain[3];
	bool flag[3];
	Fields *pointer[3];
	uint8_t u8[3];
	int8_t s8[3];
	uint16_t u16[3];
	int16_t s16[3];
	uint32_t u32[3];
	int32_t s32[3];
	uint64_t u64[3];
	int64_t s64[3];
};

PERCPU_DEFINE(Fields, near);
PERCPU_DEFINE_FAR(Fields[2], far);

typedef Fields *Link;

// That OPERATION, of type TYPE, gives RESULT, leaves NEXT in LV, and touches nothing else.
#define GIVES(lv, type, operation, result, next)                                                   \
	do {                                                                                       \
		const type next_ = (next);                                                         \
		watch_start();                                                                     \
		CHECK((operation) == (result));                                                    \
		CHECK(watch_found(percpu_offset(lv), &next_, sizeof(next_)));                      \
	} while (0)
#define LEAVES(lv, type, operation, next) GIVES(lv, type, ((operation), true), true, next)

template <typename T, typename U> struct Same {
	static const bool value = false;
};
template <typename T> struct Same<T, T> {
	static const bool value = true;
};
template <typename T> T flipped(T a, T b)
{
	return static_cast<T>(static_cast<uint64_t>(a) ^ static_cast<uint64_t>(b));
}

// What every type takes. A and B are two values of TYPE; LV starts as anything and ends as B.
#define EXCHANGES(lv, type, a, b)                                                                  \
	do {                                                                                       \
		type wanted = b;                                                                   \
		auto value_ = percpu_read(lv);                                                     \
		auto *pointer_ = percpu_ptr(lv);                                                   \
		static_assert(Same<decltype(value_), type>::value, "a " #type);                    \
		static_assert(Same<decltype(pointer_), type *>::value, "points to a " #type);      \
		CHECK(*pointer_ == value_);                                                        \
		LEAVES(lv, type, percpu_write(lv, b), b);                                          \
		LEAVES(lv, type, percpu_raw_write(lv, a), a);                                      \
		GIVES(lv, type, percpu_read(lv), a, a);                                            \
		GIVES(lv, type, percpu_raw_read(lv), a, a);                                        \
		GIVES(lv, type, *percpu_ptr(lv), a, a);                                            \
		GIVES(lv, type, percpu_read_on(lv, 1), a, a);                                      \
		GIVES(lv, type, percpu_xchg(lv, b), a, b);                                         \
		GIVES(lv, type, percpu_cmpxchg(lv, a, a), b, b);                                   \
		GIVES(lv, type, percpu_cmpxchg(lv, b, a), b, a);                                   \
		GIVES(lv, type, percpu_try_cmpxchg(lv, &wanted, b), false, a);                     \
		GIVES(lv, type, percpu_try_cmpxchg(lv, &wanted, b), true, b);                      \
		CHECK(wanted == a);                                                                \
		LEAVES(lv, type, percpu_write_on(lv, 1, a), a);                                    \
		LEAVES(lv, type, percpu_reset(lv), type());                                        \
		LEAVES(lv, type, percpu_write_on(lv, 1, b), b);                                    \
	} while (0)

#define ENUM(lv, type)                                                                             \
	do {                                                                                       \
		EXCHANGES(lv, type, type::one, type::all);                                         \
		LEAVES(lv, type, percpu_and(lv, type::mask), type::mask);                          \
		LEAVES(lv, type, percpu_xor(lv, type::all), flipped(type::mask, type::all));       \
		LEAVES(lv, type, percpu_or(lv, type::mask), type::all);                            \
	} while (0)

#define FLAG(lv)                                                                                   \
	do {                                                                                       \
		EXCHANGES(lv, bool, false, true);                                                  \
		LEAVES(lv, bool, percpu_and(lv, 2), true);                                         \
		LEAVES(lv, bool, percpu_xor(lv, true), false);                                     \
		LEAVES(lv, bool, percpu_or(lv, "text" != nullptr), true);                          \
		CHECK(percpu_sum(lv) == 1);                                                        \
		LEAVES(lv, bool, percpu_write(lv, false), false);                                  \
	} while (0)

#define POINTER(lv)                                                                                \
	do {                                                                                       \
		Fields here;                                                                       \
		EXCHANGES(lv, Link, &here, nullptr);                                               \
	} while (0)

#define INTEGER(lv, type)                                                                          \
	do {                                                                                       \
		EXCHANGES(lv, type, type(1), type(-1));                                            \
		LEAVES(lv, type, percpu_inc(lv), type(0));                                         \
		LEAVES(lv, type, percpu_dec(lv), type(-1));                                        \
		LEAVES(lv, type, percpu_add(lv, 3), type(2));                                      \
		LEAVES(lv, type, percpu_sub(lv, 4), type(-2));                                     \
		LEAVES(lv, type, percpu_raw_add(lv, 5), type(3));                                  \
		GIVES(lv, type, percpu_add_return(lv, type(-4)), type(-1), type(-1));              \
		GIVES(lv, type, percpu_inc_return(lv), type(0), type(0));                          \
		GIVES(lv, type, percpu_dec_return(lv), type(-1), type(-1));                        \
		LEAVES(lv, type, percpu_and(lv, 0x3c), type(0x3c));                                \
		LEAVES(lv, type, percpu_or(lv, 0x41), type(0x7d));                                 \
		LEAVES(lv, type, percpu_xor(lv, 0x0f), type(0x72));                                \
		CHECK(percpu_sum(lv) == 0x72);                                                     \
		LEAVES(lv, type, percpu_write(lv, type(-2)), type(-2));                            \
		auto sum = percpu_sum(lv);                                                         \
		CHECK(sum == decltype(sum)(type(-2)));                                             \
	} while (0)

#define ENUMS(object, i)                                                                           \
	do {                                                                                       \
		ENUM(object.tiny[i], Tiny);                                                        \
		ENUM(object.small[i], Small);                                                      \
		ENUM(object.medium[i], Medium);                                                    \
		ENUM(object.large[i], Large);                                                      \
		ENUM(object.plain[i], Plain);                                                      \
	} while (0)

#define INTEGERS(object, i)                                                                        \
	do {                                                                                       \
		INTEGER(object.u8[i], uint8_t);                                                    \
		INTEGER(object.s8[i], int8_t);                                                     \
		INTEGER(object.u16[i], uint16_t);                                                  \
		INTEGER(object.s16[i], int16_t);                                                   \
		INTEGER(object.u32[i], uint32_t);                                                  \
		INTEGER(object.s32[i], int32_t);                                                   \
		INTEGER(object.u64[i], uint64_t);                                                  \
		INTEGER(object.s64[i], int64_t);                                                   \
	} while (0)

volatile size_t run_time = 1;

void enums()
{
	watch_init(NCPU, 1);
	ENUMS(near, 1);
	ENUMS(near, run_time + 1);
	ENUMS(far[1], 0);
	ENUMS(far[run_time], run_time);
}

void flags_and_pointers()
{
	watch_init(NCPU, 1);
	FLAG(near.flag[1]);
	FLAG(near.flag[run_time - 1]);
	FLAG(far[0].flag[2]);
	FLAG(far[run_time].flag[run_time]);
	POINTER(near.pointer[1]);
	POINTER(near.pointer[run_time - 1]);
	POINTER(far[0].pointer[2]);
	POINTER(far[run_time].pointer[run_time]);
}

void integers()
{
	watch_init(NCPU, 1);
	INTEGERS(near, 1);
	INTEGERS(near, run_time + 1);
}

void far_integers()
{
	watch_init(NCPU, 1);
	INTEGERS(far[1], 1);
	INTEGERS(far[run_time], run_time - 1);
}

size_t indices, values;

size_t position()
{
	indices++;
	return 1;
}

uint16_t value()
{
	values++;
	return 1;
}

#define EVALUATES(statement, value_times)                                                          \
	do {                                                                                       \
		indices = values = 0;                                                              \
		(void)(statement);                                                                 \
		CHECK(indices == 1 && values == (value_times));                                    \
	} while (0)

// On the element of TABLE at an index that counts its evaluations.
#define ONCE(lv)                                                                                   \
	do {                                                                                       \
		uint16_t found = 0, *place = &found;                                               \
		EVALUATES(percpu_read(lv), 0);                                                     \
		EVALUATES(percpu_raw_read(lv), 0);                                                 \
		EVALUATES(percpu_write(lv, value()), 1);                                           \
		EVALUATES(percpu_raw_write(lv, value()), 1);                                       \
		EVALUATES(percpu_add(lv, value()), 1);                                             \
		EVALUATES(percpu_sub(lv, value()), 1);                                             \
		EVALUATES(percpu_raw_add(lv, value()), 1);                                         \
		EVALUATES(percpu_and(lv, value()), 1);                                             \
		EVALUATES(percpu_or(lv, value()), 1);                                              \
		EVALUATES(percpu_xor(lv, value()), 1);                                             \
		EVALUATES(percpu_inc(lv), 0);                                                      \
		EVALUATES(percpu_dec(lv), 0);                                                      \
		EVALUATES(percpu_add_return(lv, value()), 1);                                      \
		EVALUATES(percpu_inc_return(lv), 0);                                               \
		EVALUATES(percpu_dec_return(lv), 0);                                               \
		EVALUATES(percpu_xchg(lv, value()), 1);                                            \
		EVALUATES(percpu_cmpxchg(lv, value(), value()), 2);                                \
		EVALUATES(percpu_try_cmpxchg(lv, place++, value()), 1);                            \
		CHECK(place == &found + 1);                                                        \
		EVALUATES(percpu_ptr(lv), 0);                                                      \
		EVALUATES(percpu_reset(lv), 0);                                                    \
		EVALUATES(percpu_sum(lv), 0);                                                      \
		EVALUATES(percpu_offset(lv), 0);                                                   \
		EVALUATES(percpu_ptr_on(lv, value()), 1);                                          \
		EVALUATES(percpu_read_on(lv, value()), 1);                                         \
		EVALUATES(percpu_write_on(lv, value(), value()), 2);                               \
	} while (0)

void once()
{
	watch_init(NCPU, 0);
	ONCE(near.u16[position()]);
	ONCE(far[position()].u16[2]);
}

} // namespace

extern "C" void kernel_main()
{
	static const struct test tests[] = {
		{"an enum class of each size is exchanged and masked, near and far", enums},
		{"bools and pointers in C++, near and far", flags_and_pointers},
		{"near integers in C++: every operation, on every size", integers},
		{"far integers in C++: every operation, on every size", far_integers},
		{"in C++, too, indexes and values are evaluated once", once},
	};

	UNIT_RUN(tests);
}

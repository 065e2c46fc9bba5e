/* SPDX-License-Identifier: 0BSD */
/*
 * Every operation of percpu.h, of every size, near, far and by an index that is known at run time
 * only, and of 8 bytes on a variable that is allocated: each in a function of its own, so that its
 * instructions can be found in the ELF file.
 */
#include "sweep.h"

PERCPU_DEFINE(union cells, near_cells);
PERCPU_DEFINE_FAR(union cells, far_cells);

/* With PERCPU_VMA zero a run-time index goes through a pointer (percpu.h): no operation then. */
#if PERCPU_IS_ZERO
#define EACH_INDEX(F, bits)
#define EACH_HANDLE(F)
#else
#define EACH_INDEX(F, bits) EACH_ACTION(F, bits, index, near_cells.u##bits[index])
#define EACH_HANDLE(F) EACH_ACTION(F, 64, handle, percpu_at(cells_handle).u64[1])
PERCPU_PTR(union cells) cells_handle;
#endif
#define EACH_KIND(F, bits)                                                                         \
	EACH_ACTION(F, bits, near, near_cells.u##bits[1])                                          \
	EACH_ACTION(F, bits, far, far_cells.u##bits[1])                                            \
	EACH_INDEX(F, bits)
#define EACH_SIZE(F)                                                                               \
	EACH_KIND(F, 8) EACH_KIND(F, 16) EACH_KIND(F, 32) EACH_KIND(F, 64) EACH_HANDLE(F)

/* F(its action, name, size and kind of variable, expression with the result or 0) */
#define EACH_ACTION(F, bits, kind, cell)                                                           \
	F(READ, read, bits, kind, percpu_read(cell))                                               \
	F(WRITE, write, bits, kind, (percpu_write(cell, value), 0u))                               \
	F(ADD, add, bits, kind, (percpu_add(cell, value), 0u))                                     \
	F(SUB, sub, bits, kind, (percpu_sub(cell, value), 0u))                                     \
	F(AND, and, bits, kind, (percpu_and(cell, value), 0u))                                     \
	F(OR, or, bits, kind, (percpu_or(cell, value), 0u))                                        \
	F(XOR, xor, bits, kind, (percpu_xor(cell, value), 0u))                                     \
	F(INC, inc, bits, kind, (percpu_inc(cell), 0u))                                            \
	F(DEC, dec, bits, kind, (percpu_dec(cell), 0u))                                            \
	F(ADD_RETURN, add_return, bits, kind, percpu_add_return(cell, value))                      \
	F(INC_RETURN, inc_return, bits, kind, percpu_inc_return(cell))                             \
	F(DEC_RETURN, dec_return, bits, kind, percpu_dec_return(cell))                             \
	F(XCHG, xchg, bits, kind, percpu_xchg(cell, value))                                        \
	F(CMPXCHG, cmpxchg, bits, kind, percpu_cmpxchg(cell, expected, value))                     \
	F(CMPXCHG_FAILS, cmpxchg_fails, bits, kind, percpu_cmpxchg(cell, expected, value))         \
	F(TRY_CMPXCHG, try_cmpxchg, bits, kind,                                                    \
	  percpu_try_cmpxchg(cell, &expected, value) ? ~(uint64_t)expected : expected)

/* noclone: the compiler must not make a second one for arguments that it knows. */
#ifdef __clang__
#define OF_ITS_OWN __attribute__((noinline))
#else
#define OF_ITS_OWN __attribute__((noinline, noclone))
#endif

#define FUNCTION(action, name, bits, kind, expression)                                             \
	OF_ITS_OWN static uint64_t sweep_##name##_u##bits##_##kind(                                \
		uint64_t value_, uint64_t expected_, size_t index)                                 \
	{                                                                                          \
		uint##bits##_t value = (uint##bits##_t)value_;                                     \
		uint##bits##_t expected = (uint##bits##_t)expected_;                               \
		(void)value;                                                                       \
		(void)expected;                                                                    \
		(void)index;                                                                       \
		return expression;                                                                 \
	}
EACH_SIZE(FUNCTION)

/* percpu_cmpxchg128, where there is one, on pairs. */
#ifdef PERCPU_HAVE_CMPXCHG128
#if PERCPU_IS_ZERO
#define EACH_PAIR_INDEX(F)
#else
#define EACH_PAIR_INDEX(F) EACH_PAIR_ACTION(F, index, near_cells.u128[index])
#endif
#define EACH_PAIR(F)                                                                               \
	EACH_PAIR_ACTION(F, near, near_cells.u128[1])                                              \
	EACH_PAIR_ACTION(F, far, far_cells.u128[1])                                                \
	EACH_PAIR_INDEX(F)
#define EACH_PAIR_ACTION(F, kind, cell)                                                            \
	F(CMPXCHG, cmpxchg128, 128, kind, cell)                                                    \
	F(CMPXCHG_FAILS, cmpxchg128_fails, 128, kind, cell)
#else
#define EACH_PAIR(F)
#endif

#define PAIR_FUNCTION(action, name, bits, kind, cell)                                              \
	OF_ITS_OWN static uint64_t sweep_##name##_u##bits##_##kind(                                \
		uint64_t value, uint64_t expected, size_t index)                                   \
	{                                                                                          \
		(void)index;                                                                       \
		return number_of(percpu_cmpxchg128(cell, PAIR_OF(expected), PAIR_OF(value)));      \
	}
EACH_PAIR(PAIR_FUNCTION)

#define PLACE_near NEAR
#define PLACE_index NEAR
#define PLACE_far FAR
#define PLACE_handle ALLOCATED
#define ENTRY(action, name, bits, kind, expression)                                                \
	{#name " u" #bits " " #kind, action, bits, PLACE_##kind, sweep_##name##_u##bits##_##kind},
const struct operation operations[] = {EACH_SIZE(ENTRY) EACH_PAIR(ENTRY)};
const size_t operation_count = sizeof(operations) / sizeof(operations[0]);

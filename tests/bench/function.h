/* SPDX-License-Identifier: MIT */
/* What the functions that are measured are made with. */
#ifndef FUNCTION_H
#define FUNCTION_H

/*
 * In the guest they are called by pointer only. On the host, where BENCH_ELEMENTS is how many
 * variables each contestant has, they are inlined, and the first parameter says which.
 */
#ifdef BENCH_ELEMENTS
#define BENCH_FUNCTION static inline __attribute__((always_inline, unused))
#define BENCH_ARRAY [BENCH_ELEMENTS]
#define BENCH_ELEMENT(array) array[index]
#define BENCH_INDEX size_t index,
#define BENCH_ONLY_INDEX size_t index
#define BENCH_THIS_INDEX index
#define BENCH_THIS_INDEX_AND index,
#else
#define BENCH_FUNCTION static inline __attribute__((unused))
#define BENCH_ARRAY
#define BENCH_ELEMENT(variable) variable
#define BENCH_INDEX
#define BENCH_ONLY_INDEX void
#define BENCH_THIS_INDEX
#define BENCH_THIS_INDEX_AND
#endif

#define NOTHING() ((void)0)

/* The accessors paste their argument into a name: this expands it before they see it. */
#define BENCH_ON(accessor, ...) accessor(__VA_ARGS__)

/* A copy of VARIABLE, at OFFSET from it; the compiler must not know that it is another object. */
#define BENCH_AT(variable, offset)                                                                 \
	__extension__({                                                                            \
		uintptr_t _bench_address = (uintptr_t) & (variable);                               \
		__asm__("" : "+r"(_bench_address));                                                \
		(__typeof__(variable) *)(_bench_address + (offset));                               \
	})

#endif

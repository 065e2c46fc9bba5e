/* SPDX-License-Identifier: MIT */
/*
 * Sequences of a user's own in C and C++: LOAD and STORE are the text of their instructions. With
 * WRONG, what must not assemble, as own.S has it.
 */
#include <percpu/sequence.h>

PERCPU_DECLARE(uint64_t, counter);

#ifdef __cplusplus
#define FUNCTION extern "C" __attribute__((noinline))
#else
#define FUNCTION __attribute__((noinline))
#endif

FUNCTION uint64_t FUNCTION_IS(void);
FUNCTION uint64_t DEAD_IS(void);

#if WRONG == 1
#define BEGIN
#else
#define BEGIN PERCPU_SEQUENCE_BEGIN
#endif
#if WRONG == 2
#define END
#else
#define END PERCPU_SEQUENCE_END
#endif
#if WRONG == 3
#define BODY
#elif WRONG == 4
#define BODY PERCPU_SEQUENCE_BEGIN LOAD STORE PERCPU_SEQUENCE_END LOAD STORE
#elif WRONG == 5
#define BODY LOAD STORE ".section .text.other, \"ax\"\n\t"
#else
#define BODY LOAD STORE
#endif

/* Volatile, "memory": it works on what the compiler cannot see. */
#define SEQUENCE(...)                                                                              \
	uint64_t value, base;                                                                      \
	__asm__ volatile(__VA_ARGS__ : [value] "=&r"(value), [base] "=&r"(base) : : "memory");     \
	return value

uint64_t DEAD_IS(void)
{
	SEQUENCE(PERCPU_SEQUENCE_BEGIN PERCPU_SEQUENCE_PUBLISHES LOAD STORE PERCPU_SEQUENCE_END);
}

uint64_t FUNCTION_IS(void)
{
	SEQUENCE(BEGIN BODY END);
}

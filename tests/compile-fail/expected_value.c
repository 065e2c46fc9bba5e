/* SPDX-License-Identifier: MIT */
/*
 * percpu_try_cmpxchg wants a pointer to the value expected, as it is written to.
 * expect: makes (pointer|integer) from|incompatible (integer|pointer) to
 * expect: cannot convert|cannot initialize|invalid conversion
 * use: percpu_try_cmpxchg(number, X, 1)
 */
#include <percpu.h>

PERCPU_DEFINE(uint32_t, number);

void use(void);

void use(void)
{
	uint32_t expected = 0;

	(void)expected;
#ifdef WRONG
	USE(expected);
#else
	USE(&expected);
#endif
}

/* SPDX-License-Identifier: MIT */
/*
 * An integer variable is given a pointer.
 * expect: makes (pointer|integer) from|incompatible (integer|pointer) to
 * expect: cannot convert|cannot initialize|invalid conversion
 * use: percpu_write(number, X)
 * use: percpu_raw_write(number, X)
 * use: percpu_write_on(number, 0, X)
 * use: percpu_add(number, X)
 * use: percpu_sub(number, X)
 * use: percpu_raw_add(number, X)
 * use: percpu_and(number, X)
 * use: percpu_or(number, X)
 * use: percpu_xor(number, X)
 * use: percpu_add_return(number, X)
 * use: percpu_xchg(number, X)
 * use: percpu_cmpxchg(number, X, 0)
 * use: percpu_cmpxchg(number, 0, X)
 * use: percpu_try_cmpxchg(number, &expected, X)
 */
#include <percpu.h>

extern uintptr_t integer;
PERCPU_DEFINE(uintptr_t, number);

void use(void);

void use(void)
{
	uintptr_t expected = 0;

	(void)expected;
#ifdef WRONG
	USE(&integer);
#else
	USE(integer);
#endif
}

/* SPDX-License-Identifier: MIT */
/*
 * A pointer variable is given an integer.
 * expect: makes (pointer|integer) from|incompatible (integer|pointer) to
 * expect: cannot convert|cannot initialize|invalid conversion
 * use: percpu_write(pointer, X)
 * use: percpu_raw_write(pointer, X)
 * use: percpu_write_on(pointer, 0, X)
 * use: percpu_xchg(pointer, X)
 * use: percpu_cmpxchg(pointer, X, NULL)
 * use: percpu_cmpxchg(pointer, NULL, X)
 * use: percpu_try_cmpxchg(pointer, &expected, X)
 */
#include <percpu.h>

extern int right;
PERCPU_DEFINE(int *, pointer);

void use(void);

void use(void)
{
	int *expected = NULL;

	(void)expected;
#ifdef WRONG
	USE(1);
#else
	USE(&right);
#endif
}

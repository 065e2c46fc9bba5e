/* SPDX-License-Identifier: MIT */
/*
 * A pointer variable is given a pointer to another type.
 * expect: incompatible pointer type|cannot convert|cannot initialize|invalid conversion
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
extern long wrong;
PERCPU_DEFINE(int *, pointer);

void use(void);

void use(void)
{
	int *expected = NULL;

	(void)expected;
#ifdef WRONG
	USE(&wrong);
#else
	USE(&right);
#endif
}

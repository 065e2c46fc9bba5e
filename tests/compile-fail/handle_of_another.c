/* SPDX-License-Identifier: MIT */
/*
 * A handle of an int is none of a long. In C, GCC before 14 only warns of it, unless it is told to
 * refuse what it warns of.
 * expect: incompatible pointer type|incompatible function pointer type|no viable|no match for
 * expect: cannot convert|could not convert|no matching function
 * use: handle = X
 * use: take(X)
 */
#include <percpu.h>

#ifndef __cplusplus
#pragma GCC diagnostic error "-Wincompatible-pointer-types"
#endif

PERCPU_PTR(int) handle, right;
PERCPU_PTR(long) other;

static inline void take(PERCPU_PTR(int) it)
{
	(void)it;
}

void use(void);

void use(void)
{
#ifdef WRONG
	USE(other);
#else
	USE(right);
#endif
}

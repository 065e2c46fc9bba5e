/* SPDX-License-Identifier: MIT */
/*
 * A variable is defined in a function, on the stack.
 * expect: section attribute cannot be specified for local
 * expect: 'section' attribute
 * use: PERCPU_DEFINE(int, X) = 1
 * use: PERCPU_DEFINE_FAR(int, far_##X) = 1
 * use: PERCPU_DEFINE_CACHELINE(int, line_##X)
 * use: PERCPU_DEFINE_PAGE(int, page_##X)
 */
#include <percpu.h>

#ifndef WRONG
USE(variable);
#endif

void use(void);

void use(void)
{
#ifdef WRONG
	USE(variable);
#endif
}

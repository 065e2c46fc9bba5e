/* SPDX-License-Identifier: MIT */
/*
 * percpu_with's pointer is gone after the block.
 * expect: undeclared|not declared
 */
#include <percpu.h>

PERCPU_DEFINE(int, variable);

void use(void);

void use(void)
{
#ifdef WRONG
	percpu_with(int, p, variable) *p = 1;
	*p = 2;
#else
	percpu_with(int, p, variable) *p = 1;
#endif
}

/* SPDX-License-Identifier: MIT */
/*
 * percpu_with of what is no variable.
 * expect: undeclared|not declared
 */
#include <percpu.h>

PERCPU_DEFINE(int, variable);
extern int ordinary;

void use(void);

void use(void)
{
#ifdef WRONG
	percpu_with(int, p, ordinary) *p = 1;
#else
	percpu_with(int, p, variable) *p = 1;
#endif
}

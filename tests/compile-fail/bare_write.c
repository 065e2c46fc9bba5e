/* SPDX-License-Identifier: MIT */
/*
 * A variable is written without an accessor: C knows no such name.
 * expect: undeclared|not declared
 */
#include <percpu.h>

PERCPU_DEFINE(int, variable) = 1;

void use(void);

void use(void)
{
#ifdef WRONG
	variable = 1;
#else
	percpu_write(variable, 1);
#endif
}

/* SPDX-License-Identifier: MIT */
/*
 * A variable is read without an accessor: C knows no such name.
 * expect: undeclared|not declared
 */
#include <percpu.h>

PERCPU_DEFINE(int, variable) = 1;

int use(void);

int use(void)
{
#ifdef WRONG
	return variable;
#else
	return percpu_read(variable);
#endif
}

/* SPDX-License-Identifier: MIT */
/*
 * A variable's address is taken without an accessor: C knows no such name.
 * expect: undeclared|not declared
 */
#include <percpu.h>

PERCPU_DEFINE_FAR(int, variable);

int *use(void);

int *use(void)
{
#ifdef WRONG
	return &variable;
#else
	return percpu_ptr(variable);
#endif
}

/* SPDX-License-Identifier: MIT */
/*
 * A variable, defined or declared, is named without an accessor: there is no such name.
 * define: PERCPU_DEFINE PERCPU_DEFINE_FAR PERCPU_DECLARE
 * expect: variable. undeclared|variable. was not declared|undeclared identifier 'variable'
 * use: return X
 * use: X = 1
 * use: X++
 * use: X += 2
 * use: (void)&X
 * use: *&X = 1
 * use: (void)sizeof(X)
 * use: (void)(X + 1)
 */
#include <percpu.h>

DEFINE(int, variable);

int use(void);

int use(void)
{
#ifdef WRONG
	USE(variable);
#else
	USE((*percpu_ptr(variable)));
#endif
	return 0;
}

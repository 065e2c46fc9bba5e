/* SPDX-License-Identifier: MIT */
/*
 * A variable is named without an accessor: there is no such name.
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

PERCPU_DEFINE(int, variable) = 1;

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

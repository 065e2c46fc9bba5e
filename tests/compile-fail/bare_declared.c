/* SPDX-License-Identifier: MIT */
/*
 * A variable that a header declares is named without an accessor.
 * expect: undeclared|not declared
 */
#include <percpu.h>

PERCPU_DECLARE(int, variable);

int use(void);

int use(void)
{
#ifdef WRONG
	return variable;
#else
	return percpu_read(variable);
#endif
}

/* SPDX-License-Identifier: MIT */
/*
 * Something is added to a bool: true + true would be neither true nor false.
 * expect: no arithmetic on a bool
 */
#include <percpu.h>

PERCPU_DEFINE(bool, flag) = true;

void use(void);

void use(void)
{
#ifdef WRONG
	percpu_add(flag, true);
#else
	percpu_or(flag, true);
#endif
}

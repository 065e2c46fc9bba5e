/* SPDX-License-Identifier: MIT */
/*
 * An argument is missing, or one too many.
 * expect: requires|too few arguments|too many|passed|unspecified|given
 * use: percpu_write(variable)
 * use: percpu_add(variable)
 * use: percpu_xchg(variable)
 * use: percpu_cmpxchg(variable, 1)
 * use: percpu_try_cmpxchg(variable, 1)
 * use: percpu_read_on(variable)
 * use: percpu_write_on(variable, 1)
 * use: percpu_ptr_on(variable)
 */
#include <percpu.h>

PERCPU_DEFINE(int, variable);

void use(void);

void use(void)
{
#ifdef WRONG
	USE(X);
#else
	percpu_write(variable, 1);
#endif
}

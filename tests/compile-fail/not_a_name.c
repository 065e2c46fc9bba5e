/* SPDX-License-Identifier: MIT */
/*
 * What an accessor gets is a value, not a variable's name.
 * expect: pasting|percpu__1|undeclared|not declared
 * use: percpu_read(X)
 * use: percpu_raw_read(X)
 * use: percpu_read_on(X, 0)
 * use: percpu_write(X, 0)
 * use: percpu_raw_write(X, 0)
 * use: percpu_write_on(X, 0, 0)
 * use: percpu_sum(X)
 * use: percpu_ptr(X)
 * use: percpu_ptr_on(X, 0)
 * use: percpu_offset(X)
 * use: percpu_reset(X)
 */
#include <percpu.h>

PERCPU_DEFINE(int, variable);

void use(void);

void use(void)
{
#ifdef WRONG
	USE((1));
#else
	USE(variable);
#endif
}

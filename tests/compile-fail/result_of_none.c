/* SPDX-License-Identifier: MIT */
/*
 * Operations without a result are used as if they had one.
 * expect: void value not ignored|void|incompatible type
 * use: percpu_write(variable, 1)
 * use: percpu_raw_write(variable, 1)
 * use: percpu_write_on(variable, 0, 1)
 * use: percpu_add(variable, 1)
 * use: percpu_sub(variable, 1)
 * use: percpu_raw_add(variable, 1)
 * use: percpu_inc(variable)
 * use: percpu_dec(variable)
 * use: percpu_and(variable, 1)
 * use: percpu_or(variable, 1)
 * use: percpu_xor(variable, 1)
 */
#include <percpu.h>

PERCPU_DEFINE(int, variable);

int use(void);

int use(void)
{
#ifdef WRONG
	return USE(X);
#else
	USE(X);
	return percpu_read(variable);
#endif
}

/* SPDX-License-Identifier: MIT */
/*
 * An array of the size of an integer is taken whole.
 * define: PERCPU_DEFINE PERCPU_DEFINE_FAR
 * expect: integers of 1, 2, 4 or 8 bytes, bool, enum and pointers only
 * expect: to an array|C-style
 * use: percpu_read(X)
 * use: percpu_raw_read(X)
 * use: percpu_read_on(X, 0)
 * use: percpu_write(X, 0)
 * use: percpu_raw_write(X, 0)
 * use: percpu_write_on(X, 0, 0)
 * use: percpu_add(X, 1)
 * use: percpu_sub(X, 1)
 * use: percpu_inc(X)
 * use: percpu_dec(X)
 * use: percpu_raw_add(X, 1)
 * use: percpu_add_return(X, 1)
 * use: percpu_inc_return(X)
 * use: percpu_dec_return(X)
 * use: percpu_and(X, 1)
 * use: percpu_or(X, 1)
 * use: percpu_xor(X, 1)
 * use: percpu_xchg(X, 0)
 * use: percpu_cmpxchg(X, 0, 1)
 * use: percpu_sum(X)
 */
#include <percpu.h>

DEFINE(char[8], bytes) = {1};

void use(void);

void use(void)
{
#ifdef WRONG
	USE(bytes);
#else
	USE(bytes[0]);
#endif
}

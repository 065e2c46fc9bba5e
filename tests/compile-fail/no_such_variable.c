/* SPDX-License-Identifier: MIT */
/*
 * There is no such variable: an ordinary one of that name is none.
 * expect: percpu__ordinary. (undeclared|was not declared)
 * expect: undeclared identifier 'percpu__ordinary'
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
 * use: percpu_try_cmpxchg(X, &expected, 1)
 * use: percpu_sum(X)
 * use: percpu_ptr(X)
 * use: percpu_ptr_on(X, 0)
 * use: percpu_offset(X)
 * use: percpu_reset(X)
 * use: percpu_with(int, p, X) (void)p
 */
#include <percpu.h>

extern int ordinary;
PERCPU_DEFINE(int, variable);

void use(void);

void use(void)
{
	int expected = 0;

	(void)expected;
#ifdef WRONG
	USE(ordinary);
#else
	USE(variable);
#endif
}

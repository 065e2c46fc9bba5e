/* SPDX-License-Identifier: MIT */
/*
 * A const field is written.
 * define: PERCPU_DEFINE PERCPU_DEFINE_FAR
 * expect: percpu: a const variable is not written
 * use: percpu_write(X, 1)
 * use: percpu_raw_write(X, 1)
 * use: percpu_write_on(X, 0, 1)
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
 * use: percpu_xchg(X, 1)
 * use: percpu_cmpxchg(X, 0, 1)
 * use: percpu_try_cmpxchg(X, &expected, 1)
 */
#include <percpu.h>

struct set {
	const int fixed;
	int changing;
};
DEFINE(struct set, set) = {1, 2};

void use(void);

void use(void)
{
	int expected = percpu_read(set.fixed);

	(void)expected;
#ifdef WRONG
	USE(set.fixed);
#else
	USE(set.changing);
#endif
}

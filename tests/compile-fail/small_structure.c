/* SPDX-License-Identifier: MIT */
/*
 * A structure of the size of an integer is taken whole.
 * expect: integers of 1, 2, 4 or 8 bytes, bool, enum and pointers only
 * expect: non-scalar|arithmetic or pointer type|no matching
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
 * use: percpu_try_cmpxchg(X, percpu_ptr(X), 0)
 */
#include <percpu.h>

struct pair {
	uint32_t first, second;
};
PERCPU_DEFINE(struct pair, pair) = {1, 2};

void use(void);

void use(void)
{
#ifdef WRONG
	USE(pair);
#else
	USE(pair.first);
#endif
}

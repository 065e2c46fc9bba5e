/* SPDX-License-Identifier: MIT */
/*
 * An integer of 16 bytes is used: no single load does that everywhere.
 * expect: integers of 1, 2, 4 or 8 bytes, bool, enum and pointers only
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

__extension__ typedef __int128 wide;
struct sample {
	wide number;
	uint64_t narrow;
};
PERCPU_DEFINE(struct sample, sample);

void use(void);

void use(void)
{
#ifdef WRONG
	USE(sample.number);
#else
	USE(sample.narrow);
#endif
}

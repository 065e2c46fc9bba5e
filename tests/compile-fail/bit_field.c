/* SPDX-License-Identifier: MIT */
/*
 * C41: a bit-field, which has no address.
 * define: PERCPU_DEFINE PERCPU_DEFINE_FAR
 * expect: bit-field
 * use: (void)percpu_read(X)
 * use: (void)percpu_raw_read(X)
 * use: (void)percpu_read_stable(X)
 * use: (void)percpu_read_on(X, 0)
 * use: percpu_write(X, 0)
 * use: percpu_raw_write(X, 0)
 * use: percpu_write_on(X, 0, 0)
 * use: percpu_add(X, 1)
 * use: percpu_inc(X)
 * use: percpu_raw_add(X, 1)
 * use: (void)percpu_add_return(X, 1)
 * use: percpu_or(X, 1)
 * use: (void)percpu_xchg(X, 1)
 * use: (void)percpu_cmpxchg(X, 1, 2)
 * use: (void)percpu_sum(X)
 * use: (void)percpu_ptr(X)
 * use: (void)percpu_ptr_on(X, 0)
 * use: (void)percpu_offset(X)
 * use: (void)percpu_reset(X)
 */
#include <percpu.h>

struct state {
	uint32_t bits : 4;
	uint32_t more : 12;
	uint32_t count;
};

DEFINE(struct state, state);

void use(void);

void use(void)
{
#ifdef WRONG
	USE(state.bits);
#else
	USE(state.count);
#endif
}

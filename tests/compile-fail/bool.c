/* SPDX-License-Identifier: MIT */
/*
 * Arithmetic on a bool: true + true would be neither true nor false.
 * define: PERCPU_DEFINE PERCPU_DEFINE_FAR
 * expect: percpu: no arithmetic on a bool
 * use: percpu_add(X, 1)
 * use: percpu_sub(X, 1)
 * use: percpu_inc(X)
 * use: percpu_dec(X)
 * use: percpu_raw_add(X, 1)
 * use: percpu_add_return(X, 1)
 * use: percpu_inc_return(X)
 * use: percpu_dec_return(X)
 */
#include <percpu.h>

struct state {
	bool flag;
	uint8_t count;
};
DEFINE(struct state, state);

void use(void);

void use(void)
{
#ifdef WRONG
	USE(state.flag);
#else
	USE(state.count);
#endif
}

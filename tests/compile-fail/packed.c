/* SPDX-License-Identifier: MIT */
/*
 * C41: a packed structure's field, which may be misaligned, and does not say how it is aligned.
 * define: PERCPU_DEFINE PERCPU_DEFINE_FAR
 * expect: percpu: a field of a packed structure may be misaligned
 * use: (void)percpu_read(X)
 * use: (void)percpu_raw_read(X)
 * use: (void)percpu_read_stable(X)
 * use: (void)percpu_read_on(X, 0)
 * use: percpu_write(X, 0)
 * use: percpu_raw_write(X, 0)
 * use: percpu_write_on(X, 0, 0)
 * use: percpu_add(X, 1)
 * use: percpu_sub(X, 1)
 * use: percpu_inc(X)
 * use: percpu_dec(X)
 * use: percpu_raw_add(X, 1)
 * use: (void)percpu_add_return(X, 1)
 * use: (void)percpu_inc_return(X)
 * use: (void)percpu_dec_return(X)
 * use: percpu_and(X, 1)
 * use: percpu_or(X, 1)
 * use: percpu_xor(X, 1)
 * use: (void)percpu_xchg(X, 1)
 * use: (void)percpu_cmpxchg(X, 1, 2)
 * use: (void)percpu_try_cmpxchg(X, &expected, 2)
 * use: (void)percpu_sum(X)
 */
#include <percpu.h>

struct aligned {
	uint64_t count;
};

struct __attribute__((packed)) state {
	uint8_t byte;
	uint64_t count;
	uint16_t half;
	uint64_t lined_up __attribute__((aligned(8)));
	uint64_t array[2] __attribute__((aligned(8)));
	struct aligned inner __attribute__((aligned(8)));
	uint8_t bytes[3];
};

DEFINE(struct state, state);
DEFINE(struct state[4], states);

void use(size_t i);

void use(size_t i)
{
	uint64_t expected = 0;

	(void)i;
	(void)expected;
#ifdef WRONG
	USE(state.count);
#else
	USE(state.lined_up);
	USE(states[i].lined_up);
	USE(state.array[i]);
	USE(state.inner.count);
	percpu_inc(state.byte);
	percpu_inc(state.bytes[i]);
#endif
}

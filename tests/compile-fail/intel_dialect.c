/* SPDX-License-Identifier: MIT */
/*
 * C32: in the Intel dialect an asm's operands swap their roles: a read would be a write. The header
 * alone, without an operation, compiles.
 * only: x86_64
 * flags: -masm=intel
 * define: PERCPU_DEFINE PERCPU_DEFINE_FAR
 * expect: libpercpu: percpu.h is for the AT&T dialect: leave out -masm=intel
 * use: (void)percpu_read(X)
 * use: (void)percpu_raw_read(X)
 * use: (void)percpu_read_stable(X)
 * use: percpu_write(X, 0)
 * use: percpu_raw_write(X, 0)
 * use: percpu_add(X, 1)
 * use: percpu_sub(X, 1)
 * use: percpu_inc(X)
 * use: percpu_dec(X)
 * use: percpu_raw_add(X, 1)
 * use: (void)percpu_add_return(X, 1)
 * use: percpu_and(X, 1)
 * use: percpu_or(X, 1)
 * use: percpu_xor(X, 1)
 * use: (void)percpu_xchg(X, 1)
 * use: (void)percpu_cmpxchg(X, 1, 2)
 * use: (void)percpu_try_cmpxchg(X, &expected, 2)
 * use: (void)percpu_cmpxchg128(wide, 1, 2)
 * use: (void)*percpu_ptr(X)
 * use: (void)percpu_cpu_id()
 */
#include <percpu.h>

DEFINE(uint64_t, variable);
DEFINE(percpu_u128, wide);

void use(void);

void use(void)
{
#ifdef WRONG
	uint64_t expected = 0;

	(void)expected;
	USE(variable);
#endif
}

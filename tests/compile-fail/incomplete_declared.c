/* SPDX-License-Identifier: MIT */
/*
 * A variable of a type that is only declared is used.
 * expect: incomplete type
 * use: percpu_read(X)
 * use: percpu_write(X, 0)
 * use: percpu_add(X, 1)
 * use: percpu_xchg(X, 0)
 * use: percpu_cmpxchg(X, 0, 1)
 * use: percpu_sum(X)
 * use: percpu_reset(X)
 */
#include <percpu.h>

struct declared;
PERCPU_DECLARE(struct declared, variable);
PERCPU_DECLARE(int, number);

void use(void);

void use(void)
{
#ifdef WRONG
	USE(variable);
#else
	USE(number);
#endif
}

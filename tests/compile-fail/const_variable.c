/* SPDX-License-Identifier: MIT */
/*
 * A const variable is written; it can be read.
 * expect: percpu: a const variable is not written
 * use: percpu_write(X, 1)
 * use: percpu_write_on(X, 0, 1)
 * use: percpu_add(X, 1)
 * use: percpu_xchg(X, 1)
 * use: percpu_cmpxchg(X, 0, 1)
 */
#include <percpu.h>

PERCPU_DECLARE(const int, near_fixed);
PERCPU_DECLARE_FAR(const int, far_fixed);
PERCPU_DECLARE(int, number);

int sum(void);

int sum(void)
{
	return percpu_read(near_fixed) + percpu_read(far_fixed) + percpu_raw_read(far_fixed) +
	       percpu_read_on(far_fixed, 0) + (int)percpu_sum(far_fixed);
}

void use(void);

void use(void)
{
#ifdef WRONG
	USE(far_fixed);
#else
	USE(number);
#endif
}

/* SPDX-License-Identifier: MIT */
/*
 * A value that no assignment would take: a structure for an integer.
 * expect: incompatible type|cannot convert|no viable|no matching|cannot initialize|invalid
 * use: percpu_write(variable, X)
 * use: percpu_raw_write(variable, X)
 * use: percpu_write_on(variable, 0, X)
 * use: percpu_add(variable, X)
 * use: percpu_sub(variable, X)
 * use: percpu_raw_add(variable, X)
 * use: percpu_and(variable, X)
 * use: percpu_or(variable, X)
 * use: percpu_xor(variable, X)
 * use: percpu_add_return(variable, X)
 * use: percpu_xchg(variable, X)
 * use: percpu_cmpxchg(variable, X, 0)
 * use: percpu_cmpxchg(variable, 0, X)
 * use: percpu_ptr_on(variable, X)
 * use: percpu_read_on(variable, X)
 * use: percpu_write_on(variable, X, 0)
 */
#include <percpu.h>

struct pair {
	int first, second;
};
PERCPU_DEFINE(int, variable);

void use(void);

void use(void)
{
	struct pair pair = {1, 2};

	(void)pair;
#ifdef WRONG
	USE(pair);
#else
	USE(pair.first);
#endif
}

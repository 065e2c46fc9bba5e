/* SPDX-License-Identifier: MIT */
/*
 * What the other operations give is a value, too.
 * expect: lvalue required|not assignable|address of an rvalue
 * use: percpu_raw_read(variable) X
 * use: percpu_read_on(variable, 0) X
 * use: percpu_add_return(variable, 1) X
 * use: percpu_inc_return(variable) X
 * use: percpu_dec_return(variable) X
 * use: percpu_xchg(variable, 1) X
 * use: percpu_cmpxchg(variable, 1, 2) X
 * use: percpu_sum(variable) X
 * use: percpu_offset(variable) X
 * use: percpu_cpu_id() X
 */
#include <percpu.h>

PERCPU_DEFINE(int, variable);

void use(void);

void use(void)
{
#ifdef WRONG
	USE(= 1);
#else
	USE(+1);
#endif
}

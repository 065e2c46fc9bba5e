/* SPDX-License-Identifier: MIT */
/*
 * By Linux's names: a bool is counted.
 * expect: percpu: no arithmetic on a bool
 * use: this_cpu_inc(X)
 * use: __this_cpu_dec(X)
 * use: this_cpu_sub_return(X, 1)
 */
#include <percpu/linux.h>

DEFINE_PER_CPU(bool, flag);
DEFINE_PER_CPU(int, number);

void use(void);

void use(void)
{
#ifdef WRONG
	USE(flag);
#else
	USE(number);
#endif
}

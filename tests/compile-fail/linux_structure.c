/* SPDX-License-Identifier: MIT */
/*
 * By Linux's names: a structure is read, written and counted as if it were a number.
 * define: DEFINE_PER_CPU DEFINE_PER_CPU_FAR
 * expect: percpu: integers of 1, 2, 4 or 8 bytes
 * use: this_cpu_read(X)
 * use: __this_cpu_read(X)
 * use: this_cpu_inc(X)
 * use: raw_cpu_dec(X)
 * use: this_cpu_add_return(X, 1)
 * use: this_cpu_xchg(X, 1)
 */
#include <percpu/linux.h>

struct queue {
	int length, first;
};
DEFINE(struct queue, queue);

void use(void);

void use(void)
{
#ifdef WRONG
	USE(queue);
#else
	USE(queue.length);
#endif
}

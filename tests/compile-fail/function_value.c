/* SPDX-License-Identifier: MIT */
/*
 * A function pointer is given a function of another type.
 * expect: incompatible.*pointer type|cannot convert|cannot initialize|invalid conversion
 * use: percpu_write(pointer, X)
 * use: percpu_raw_write(pointer, X)
 * use: percpu_write_on(pointer, 0, X)
 * use: percpu_xchg(pointer, X)
 * use: percpu_cmpxchg(pointer, X, NULL)
 * use: percpu_cmpxchg(pointer, NULL, X)
 */
#include <percpu.h>

void right(int number);
int wrong(void *pointer);
PERCPU_DEFINE(void (*)(int), pointer);

void use(void);

void use(void)
{
#ifdef WRONG
	USE(wrong);
#else
	USE(right);
#endif
}

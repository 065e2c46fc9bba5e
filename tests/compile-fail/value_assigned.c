/* SPDX-License-Identifier: MIT */
/*
 * What an operation gives is a value: nothing can be assigned to it, nor its address be taken.
 * Through a pointer to the copy, both can.
 * expect: lvalue required|not assignable|address of an rvalue
 * use: X = 1
 * use: X += 1
 * use: X++
 * use: --X
 * use: (void)&X
 */
#include <percpu.h>

PERCPU_DEFINE(int, variable);

void use(void);

void use(void)
{
#ifdef WRONG
	USE(percpu_read(variable));
#else
	USE((*percpu_ptr(variable)));
#endif
}

/* SPDX-License-Identifier: MIT */
/*
 * percpu_at is the name of a variable to accessors only: without one it is nothing.
 * expect: called object|cannot be used as a function|no match for call
 * expect: does not provide a call operator|incomplete type in call
 * use: X = 1
 * use: value = X
 * use: X++
 * use: value = X + 1
 * use: pointer = &X
 */
#include <percpu.h>

static int ordinary;
PERCPU_PTR(int) handle;

void use(void);

void use(void)
{
	int value = 0, *pointer = &value;

#ifdef WRONG
	USE(percpu_at(handle));
#else
	USE(ordinary);
#endif
	(void)pointer;
}

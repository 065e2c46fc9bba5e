/* SPDX-License-Identifier: MIT */
/*
 * A handle is no function.
 * expect: incompatible type|no match for|to parameter of incompatible type|no viable conversion
 * expect: does not provide a call operator|cannot be used as a function|indirection requires
 * use: X(0)
 * use: (*X)(0)
 */
#include <percpu.h>

PERCPU_PTR(int) handle;
static int (*function)(int);

void use(void);

void use(void)
{
#ifdef WRONG
	USE(handle);
#else
	USE(function);
#endif
	(void)function;
}

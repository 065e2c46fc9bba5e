/* SPDX-License-Identifier: MIT */
/*
 * percpu_with's pointer has not the type of the variable.
 * expect: incompatible pointer type|cannot convert|cannot initialize|invalid conversion
 * use: percpu_with(X, p, number) (void)p
 * use: percpu_with(X, p, far_number) (void)p
 */
#include <percpu.h>

PERCPU_DEFINE(uint32_t, number);
PERCPU_DEFINE_FAR(uint32_t, far_number);

void use(void);

void use(void)
{
#ifdef WRONG
	USE(uint8_t);
#else
	USE(uint32_t);
#endif
}

/* SPDX-License-Identifier: MIT */
/*
 * percpu_try_cmpxchg would write what it found through a pointer to another type.
 * expect: incompatible pointer type|cannot convert|cannot initialize|invalid conversion
 * use: percpu_try_cmpxchg(number, &X, 1)
 * use: percpu_try_cmpxchg(far_number, &X, 1)
 */
#include <percpu.h>

PERCPU_DEFINE(uint32_t, number);
PERCPU_DEFINE_FAR(uint32_t, far_number);

void use(void);

void use(void)
{
	uint32_t right = 0;
	uint8_t wrong = 0;

	(void)right;
	(void)wrong;
#ifdef WRONG
	USE(wrong);
#else
	USE(right);
#endif
}

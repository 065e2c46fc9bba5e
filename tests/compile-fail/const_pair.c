/* SPDX-License-Identifier: MIT */
/*
 * A const variable of 16 bytes is written, where the hardware can.
 * expect: percpu: a const variable is not written
 */
#include <percpu.h>

#ifdef PERCPU_HAVE_CMPXCHG128
PERCPU_DECLARE(const percpu_u128, fixed);
PERCPU_DECLARE(percpu_u128, number);
#define COMPARE(name) (void)percpu_cmpxchg128(name, 1, 2)
#else
/* There, something else that is refused alike. */
PERCPU_DECLARE(const int, fixed);
PERCPU_DECLARE(int, number);
#define COMPARE(name) (void)percpu_cmpxchg(name, 1, 2)
#endif

void use(void);

void use(void)
{
#ifdef WRONG
	COMPARE(fixed);
#else
	COMPARE(number);
#endif
}

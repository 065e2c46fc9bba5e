/* SPDX-License-Identifier: MIT */
/*
 * percpu_for_each wants a name of its own for the number.
 * expect: expected
 * use: 1
 * use: X + 1
 * use: X.field
 */
#include <percpu.h>

size_t use(void);

size_t use(void)
{
	size_t sum = 0;

#ifdef WRONG
	percpu_for_each (USE(cpu))
		sum++;
#else
	percpu_for_each (cpu)
		sum += cpu;
#endif
	return sum;
}

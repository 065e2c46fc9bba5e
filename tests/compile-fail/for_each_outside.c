/* SPDX-License-Identifier: MIT */
/*
 * percpu_for_each's number is gone after the loop.
 * expect: undeclared|not declared
 */
#include <percpu.h>

size_t use(void);

size_t use(void)
{
	size_t last = 0;

	percpu_for_each (cpu)
		last = cpu;
#ifdef WRONG
	return cpu;
#else
	return last;
#endif
}

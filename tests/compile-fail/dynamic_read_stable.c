/* SPDX-License-Identifier: MIT */
/*
 * What percpu_read_stable reads may be kept, and so outlive a dynamic variable.
 * expect: percpu: percpu_read_stable is not for dynamic variables
 * use: (void)X(percpu_at(handle))
 * use: (void)X(percpu_at(fields).second)
 */
#include <percpu.h>

struct pair {
	int first, second;
};
PERCPU_PTR(int) handle;
PERCPU_PTR(struct pair) fields;

void use(void);

void use(void)
{
#ifdef WRONG
	USE(percpu_read_stable);
#else
	USE(percpu_read);
#endif
}

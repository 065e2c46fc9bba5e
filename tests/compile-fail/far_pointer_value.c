/* SPDX-License-Identifier: MIT */
/*
 * A field of a far structure is given a pointer to another type.
 * expect: incompatible pointer type|cannot convert|cannot initialize|invalid conversion
 * use: percpu_write(task.pointer, X)
 * use: percpu_raw_write(task.pointer, X)
 * use: percpu_write_on(task.pointer, 0, X)
 * use: percpu_xchg(task.pointer, X)
 * use: percpu_cmpxchg(task.pointer, X, NULL)
 * use: percpu_cmpxchg(task.pointer, NULL, X)
 * use: percpu_try_cmpxchg(task.pointer, &expected, X)
 */
#include <percpu.h>

extern int right;
extern long wrong;
struct task {
	int *pointer;
};
PERCPU_DEFINE_FAR(struct task, task);

void use(void);

void use(void)
{
	int *expected = NULL;

	(void)expected;
#ifdef WRONG
	USE(&wrong);
#else
	USE(&right);
#endif
}

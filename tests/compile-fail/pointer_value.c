/* SPDX-License-Identifier: MIT */
/*
 * A pointer, a variable or a field, is given a pointer to another type.
 * define: PERCPU_DEFINE PERCPU_DEFINE_FAR
 * expect: incompatible pointer type|cannot convert|cannot initialize|invalid conversion
 * use: percpu_write(pointer, X)
 * use: percpu_raw_write(pointer, X)
 * use: percpu_write_on(pointer, 0, X)
 * use: percpu_xchg(pointer, X)
 * use: percpu_cmpxchg(pointer, X, NULL)
 * use: percpu_cmpxchg(pointer, NULL, X)
 * use: percpu_try_cmpxchg(pointer, &expected, X)
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
DEFINE(int *, pointer);
DEFINE(struct task, task);

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

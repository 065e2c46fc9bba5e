/* SPDX-License-Identifier: MIT */
/*
 * A variable has a type with a size: void has one in GNU C.
 * expect: percpu: there is no variable of type void|invalid application of .sizeof|incomplete type
 * expect: undefined template
 * define: void struct
 * use: if (percpu_alloc(&X)) return
 * use: if (percpu_alloc_aligned(&X, 8)) return
 */
#include <percpu.h>

#define void_handle PERCPU_PTR(void)
#define struct_handle PERCPU_PTR(struct unknown)
#define NAME(type) NAME_(type)
#define NAME_(type) type##_handle

PERCPU_PTR(int) right;
#ifdef WRONG
NAME(DEFINE) wrong;
#endif

void use(void);

void use(void)
{
#ifdef WRONG
	USE(wrong);
#else
	USE(right);
#endif
}

/* SPDX-License-Identifier: MIT */
/*
 * Arithmetic on a pointer: in bytes or in elements? And a sum of pointers is none.
 * define: PERCPU_DEFINE PERCPU_DEFINE_FAR
 * expect: percpu: no arithmetic on a pointer
 * use: percpu_add(X, 1)
 * use: percpu_sub(X, 1)
 * use: percpu_inc(X)
 * use: percpu_dec(X)
 * use: percpu_raw_add(X, 1)
 * use: percpu_add_return(X, 1)
 * use: percpu_inc_return(X)
 * use: percpu_dec_return(X)
 * use: percpu_and(X, 1)
 * use: percpu_or(X, 1)
 * use: percpu_xor(X, 1)
 * use: percpu_sum(X)
 * use: percpu_add(X, percpu_read(X))
 * use: percpu_sub(X, percpu_read(X))
 * use: percpu_raw_add(X, percpu_read(X))
 * use: percpu_add_return(X, percpu_read(X))
 * use: percpu_or(X, percpu_read(X))
 * use: percpu_and(X, percpu_read(X))
 * use: percpu_xor(X, percpu_read(X))
 * use: percpu_add(X, 0)
 */
#include <percpu.h>

struct node {
	struct node *next;
	uintptr_t tag;
};
DEFINE(struct node, node);

void use(void);

void use(void)
{
#ifdef WRONG
	USE(node.next);
#else
	USE(node.tag);
#endif
}

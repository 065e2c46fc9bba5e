/* SPDX-License-Identifier: MIT */
/*
 * percpu_alloc and percpu_free take the address of a handle, for they change it.
 * expect: percpu: percpu_alloc and percpu_free take the address of a PERCPU_PTR
 * expect: no match for .operator\*.|indirection requires pointer operand
 * use: (void)percpu_alloc(X)
 * use: (void)percpu_alloc_aligned(X, 64)
 * use: (void)percpu_free(X)
 */
#include <percpu.h>

PERCPU_PTR(int) handle;

void use(void);

void use(void)
{
#ifdef WRONG
	USE(handle);
#else
	USE(&handle);
#endif
}

/* SPDX-License-Identifier: MIT */
/*
 * percpu_alloc and percpu_free take the address of a handle, for they change it.
 * expect: percpu: percpu_alloc and percpu_free take the address of a PERCPU_PTR
 * expect: no matching function for call to .percpu_
 * use: if (percpu_alloc(X)) return
 * use: if (percpu_alloc_aligned(X, 64)) return
 * use: if (percpu_free(X)) return
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

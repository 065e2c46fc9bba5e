/* SPDX-License-Identifier: MIT */
/*
 * An integer, a pointer, a function and the address of a handle are not taken for a handle.
 * define: integer pointer function address
 * expect: called object|is not a function|too many arguments|no matching function|no type named
 * expect: has no member|is not a class|no member named|lvalue required|not assignable
 * expect: invalid type argument|indirection requires|no match for|nested name specifier
 * expect: wrong number of arguments|template argument|cannot be used|incompatible type
 * expect: request for member|member reference (base )?type
 * use: if (percpu_alloc(&(X))) return
 * use: if (percpu_alloc_aligned(&(X), 64)) return
 * use: if (percpu_free(&(X))) return
 * use: percpu_write(percpu_at(X), 1)
 * use: (void)percpu_read(percpu_at(X))
 * use: (void)percpu_sum(percpu_at(X))
 * use: (void)percpu_ptr(percpu_at(X))
 * use: (void)percpu_reset(percpu_at(X))
 */
#include <percpu.h>

PERCPU_PTR(int) handle;
static int integer, *pointer = &integer;
static PERCPU_PTR(int) *address = &handle;

static inline int function(int value)
{
	return value;
}

void use(void);

void use(void)
{
#ifdef WRONG
	USE(DEFINE);
#else
	USE(handle);
#endif
	(void)pointer;
	(void)address;
	(void)function(0);
}

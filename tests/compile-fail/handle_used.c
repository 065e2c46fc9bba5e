/* SPDX-License-Identifier: MIT */
/*
 * A handle is no pointer, and no function: it is not for use without percpu_at. The right way has
 * a pointer that points at a function, or a structure, that can be used so.
 * expect: too few arguments|incompatible type|called object|no match for|cannot convert|no viable
 * conversion expect: invalid type|indirection requires|base operand of|member reference|request for
 * member|lvalue required expect: not assignable|subscripted value|is not a structure|no member
 * named|does not provide|not an array expect: from incompatible type|passing 'int' to
 * parameter|assignment of read-only use: X->field = 1 use: (*X).field = 1 use: X[0].field = 1 use:
 * *X = other
 */
#include <percpu.h>

struct pair {
	int field, second;
};
PERCPU_PTR(struct pair) handle;
static struct pair plain, *pointer = &plain, other;

void use(void);

void use(void)
{
#ifdef WRONG
	USE(handle);
#else
	USE(pointer);
#endif
	(void)other;
	(void)pointer;
}

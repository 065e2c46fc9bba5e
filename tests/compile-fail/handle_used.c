/* SPDX-License-Identifier: MIT */
/*
 * A handle is no pointer to the variable.
 * expect: base operand of|member reference|request for member|is not a structure|no member named
 * expect: invalid type argument|indirection requires|subscripted value|not an array|no match for
 * expect: lvalue required|not assignable|read-only|does not provide a subscript
 * expect: subscript of pointer
 * use: X->field = 1
 * use: (*X).field = 1
 * use: X[0].field = 1
 * use: *X = other
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

/* SPDX-License-Identifier: MIT */
/*
 * A variable of a type that is only declared: nobody knows its size.
 * expect: incomplete type|storage size|never completed
 * use: PERCPU_DEFINE(X, variable)
 * use: PERCPU_DEFINE_FAR(X, far_variable)
 * use: PERCPU_DEFINE_CACHELINE(X, line)
 * use: PERCPU_DEFINE_PAGE(X, page)
 */
#include <percpu.h>

struct whole {
	int field;
};
struct declared;
#ifdef WRONG
USE(struct declared);
#else
USE(struct whole);
#endif

/* SPDX-License-Identifier: MIT */
/*
 * A variable of no type at all.
 * expect: void
 * use: PERCPU_DEFINE(X, variable)
 * use: PERCPU_DEFINE_FAR(X, far_variable)
 */
#include <percpu.h>

#ifdef WRONG
USE(void);
#else
USE(void *);
#endif

/* SPDX-License-Identifier: MIT */
/*
 * An initial value is not a constant: at run time it would be written to the template.
 * expect: constant|constructor
 */
#include <percpu.h>

int compute(void);
#ifdef WRONG
PERCPU_DEFINE(int, variable) = compute();
#else
PERCPU_DEFINE(int, variable) = 3;
#endif

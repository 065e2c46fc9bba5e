/* SPDX-License-Identifier: MIT */
/*
 * A variable is declared near and defined far.
 * expect: conflicting|redefinition of|different type
 */
#include <percpu.h>

PERCPU_DECLARE(uint32_t, shared);
#ifdef WRONG
PERCPU_DEFINE_FAR(uint32_t, shared) = 1;
#else
PERCPU_DEFINE(uint32_t, shared) = 1;
#endif

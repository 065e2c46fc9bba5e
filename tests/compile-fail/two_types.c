/* SPDX-License-Identifier: MIT */
/*
 * A variable is declared with one type and defined with another.
 * expect: conflicting|redefinition of|different type
 */
#include <percpu.h>

PERCPU_DECLARE(uint32_t, shared);
#ifdef WRONG
PERCPU_DEFINE(uint64_t, shared) = 1;
#else
PERCPU_DEFINE(uint32_t, shared) = 1;
#endif

/* SPDX-License-Identifier: MIT */
/*
 * A variable is defined twice.
 * expect: redefinition of
 */
#include <percpu.h>

PERCPU_DECLARE(uint32_t, shared);
PERCPU_DEFINE(uint32_t, shared) = 1;
#ifdef WRONG
PERCPU_DEFINE(uint32_t, shared) = 1;
#endif

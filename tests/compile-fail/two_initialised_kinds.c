/* SPDX-License-Identifier: MIT */
/*
 * Two variables of one name, near and on a page of its own.
 * expect: redefinition of|conflicting|different type
 */
#include <percpu.h>

PERCPU_DEFINE_CACHELINE(uint32_t, shared);
#ifdef WRONG
PERCPU_DEFINE_PAGE(uint32_t, shared);
#else
PERCPU_DEFINE_PAGE(uint32_t, shared_page);
#endif

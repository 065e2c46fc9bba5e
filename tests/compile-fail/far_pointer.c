/* SPDX-License-Identifier: MIT */
/*
 * A far pointer is declared and defined; what is declared is no near pointer to what is volatile.
 * What it points to has another type in the wrong way.
 * expect: conflicting|redefinition
 */
#include <percpu.h>

PERCPU_DECLARE_FAR(int *, pointer);
PERCPU_DECLARE_PAGE(int *, page);
#ifdef WRONG
PERCPU_DEFINE_FAR(volatile int *, pointer);
#else
PERCPU_DEFINE_FAR(int *, pointer);
PERCPU_DEFINE_PAGE(int *, page);
#endif

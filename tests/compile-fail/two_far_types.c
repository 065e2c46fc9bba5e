/* SPDX-License-Identifier: MIT */
/*
 * A far variable is declared with one length and defined with another.
 * expect: conflicting|redefinition of|different type
 */
#include <percpu.h>

PERCPU_DECLARE_FAR(char[4096], buffer);
#ifdef WRONG
PERCPU_DEFINE_FAR(char[8192], buffer);
#else
PERCPU_DEFINE_FAR(char[4096], buffer);
#endif

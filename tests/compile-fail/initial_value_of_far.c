/* SPDX-License-Identifier: MIT */
/*
 * The initial value of a far variable is not a constant.
 * expect: constant|constructor
 */
#include <percpu.h>

extern int elsewhere;
#ifdef WRONG
static PERCPU_DEFINE_FAR(int, variable) = elsewhere;
#else
static PERCPU_DEFINE_FAR(int *, variable) = &elsewhere;
#endif

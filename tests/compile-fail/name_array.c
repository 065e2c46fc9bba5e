/* SPDX-License-Identifier: MIT */
/*
 * C33: an array's size stands behind the name, and not in the type.
 * define: PERCPU_DEFINE PERCPU_DEFINE_FAR PERCPU_DEFINE_CACHELINE PERCPU_DEFINE_PAGE
 * define: PERCPU_DECLARE PERCPU_DECLARE_FAR PERCPU_DECLARE_CACHELINE PERCPU_DECLARE_PAGE
 * expect: libpercpu_an_array_is_in_the_type
 * use: X[4]
 * use: X[2][3]
 * use: X[]
 */
#include <percpu.h>

#ifdef WRONG
DEFINE(int, USE(table));
#else
DEFINE(int[4], table);
DEFINE(int[2][3], tables);
#endif

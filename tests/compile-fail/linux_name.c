/* SPDX-License-Identifier: MIT */
/*
 * By Linux's name, a definition whose name is no identifier: the [4] of an array is in the type.
 * define: DEFINE_PER_CPU DEFINE_PER_CPU_ALIGNED DEFINE_PER_CPU_PAGE_ALIGNED DECLARE_PER_CPU
 * expect: libpercpu_an_array_is_in_the_type|an_array_is_in_the_type
 */
#include <percpu/linux.h>

#ifdef WRONG
DEFINE(int, numbers[4]);
#else
DEFINE(int[4], numbers);
#endif

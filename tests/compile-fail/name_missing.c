/* SPDX-License-Identifier: MIT */
/*
 * C33: a variable gets no name.
 * define: PERCPU_DEFINE PERCPU_DEFINE_FAR PERCPU_DEFINE_CACHELINE PERCPU_DEFINE_PAGE
 * define: PERCPU_DECLARE PERCPU_DECLARE_FAR PERCPU_DECLARE_CACHELINE PERCPU_DECLARE_PAGE
 * expect: libpercpu_the_name_is_missing
 * use: X
 * use: X,
 */
#include <percpu.h>

#ifdef WRONG
#define GIVE(...) DEFINE(__VA_ARGS__)
GIVE(USE(int));
#else
DEFINE(int, variable);
#endif

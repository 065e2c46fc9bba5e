/* SPDX-License-Identifier: MIT */
/*
 * C33: the star of a pointer, or something else that is no part of a name, stands before it.
 * define: PERCPU_DEFINE PERCPU_DEFINE_FAR PERCPU_DEFINE_CACHELINE PERCPU_DEFINE_PAGE
 * define: PERCPU_DECLARE PERCPU_DECLARE_FAR PERCPU_DECLARE_CACHELINE PERCPU_DECLARE_PAGE
 * expect: libpercpu_the_name_is_an_identifier_the_star_of_a_pointer_is_in_the_type
 * use: *X
 * use: **X
 * use: &X
 * use: (X)
 * use: (*X)(void)
 */
#include <percpu.h>

typedef int function(void);

#ifdef WRONG
DEFINE(int, USE(variable));
#else
DEFINE(int *, pointer);
DEFINE(int **, pointers);
DEFINE(function *, called);
#endif

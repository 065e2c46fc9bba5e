/* SPDX-License-Identifier: MIT */
/*
 * C33: a type has a comma, at which the preprocessor parts it.
 * define: PERCPU_DEFINE PERCPU_DEFINE_FAR PERCPU_DEFINE_CACHELINE PERCPU_DEFINE_PAGE
 * define: PERCPU_DECLARE PERCPU_DECLARE_FAR PERCPU_DECLARE_CACHELINE PERCPU_DECLARE_PAGE
 * expect: a_type_with_commas_wants_a_typedef
 * use: struct { int a, b; }, X
 * use: struct { int a, b, c, d; }, X
 * use: union { struct { int a, b, c; } d; }, X
 * use: int, X, X
 */
#include <percpu.h>

#ifdef WRONG
#define GIVE(...) DEFINE(__VA_ARGS__)
GIVE(USE(pair));
#else
typedef struct {
	int a, b;
} pair_type;
DEFINE(pair_type, pair);
#endif

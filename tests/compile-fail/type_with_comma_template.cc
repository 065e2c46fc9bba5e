// SPDX-License-Identifier: MIT
//
// C33: a template has arguments, and so commas, at which the preprocessor parts the type.
// define: PERCPU_DEFINE PERCPU_DEFINE_FAR PERCPU_DEFINE_CACHELINE PERCPU_DEFINE_PAGE
// define: PERCPU_DECLARE PERCPU_DECLARE_FAR PERCPU_DECLARE_CACHELINE PERCPU_DECLARE_PAGE
// expect: a_type_with_commas_wants_a_typedef
// use: array<int, 4>, X
// use: array<array<int, 2>, 4>, X
#include <percpu.h>

template <typename T, size_t n> struct array {
	T elements[n];
};

#ifdef WRONG
#define GIVE(...) DEFINE(__VA_ARGS__)
GIVE(USE(variable));
#else
using four = array<int, 4>;
DEFINE(four, variable);
#endif

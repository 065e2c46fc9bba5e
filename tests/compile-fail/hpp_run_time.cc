// SPDX-License-Identifier: MIT
//
// percpu.hpp: an initial value that code would have to put there.
// expect: constinit|constant initializer|global constructor
// define: PERCPU_VARIABLE PERCPU_VARIABLE_FAR PERCPU_VARIABLE_CACHELINE PERCPU_VARIABLE_PAGE
#include <percpu.hpp>

int computed();

#ifdef WRONG
DEFINE(number, int) = computed();
#else
DEFINE(number, int) = 1;
#endif

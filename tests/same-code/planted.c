/* SPDX-License-Identifier: MIT */
/*
 * For tests/same-code/check.py, which compiles it as it is and with one word told otherwise, and
 * knows of each whether the comparison must see it.
 */
#include <percpu.h>

/* A variable's name is not expanded where an operation pastes it, but here it is. */
#define ON(operation, ...) operation(__VA_ARGS__)

#ifndef UPDATE
#define UPDATE percpu_xor
#endif
#ifndef BY
#define BY 1
#endif
#ifndef WHERE
#define WHERE first
#endif
#ifndef FIRST
#define FIRST a
#define SECOND b
#endif

PERCPU_DEFINE(uint32_t, first) = 1;
PERCPU_DEFINE(uint32_t, second) = 1;

void planted(uint32_t a, uint32_t b);
void planted(uint32_t a, uint32_t b)
{
	ON(UPDATE, WHERE, FIRST);
	percpu_add(second, BY);
#ifdef LATER
	percpu_write(first, SECOND);
	percpu_write(second, SECOND);
#else
	percpu_write(second, SECOND);
	percpu_write(first, SECOND);
#endif
}

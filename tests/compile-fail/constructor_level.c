/* SPDX-License-Identifier: MIT */
/*
 * A level is two digits: the linker sorts by them.
 * define: 5 100 1 x
 * expect: percpu: the level of a constructor is two digits
 * expect: invalid suffix .x.|unable to find numeric literal operator
 */
#include <percpu.h>

#define CONSTRUCT(level) PERCPU_CONSTRUCT(level, one, up, down)

static int up(size_t cpu)
{
	return (int)cpu;
}

static void down(size_t cpu)
{
	(void)cpu;
}

#ifdef WRONG
CONSTRUCT(DEFINE);
#else
CONSTRUCT(00);
CONSTRUCT(08);
CONSTRUCT(99);
#endif

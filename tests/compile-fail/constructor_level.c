/* SPDX-License-Identifier: MIT */
/*
 * A level is two digits, or a macro for them: the linker sorts by them.
 * define: 5 100 1 x LEVEL_5 LEVEL_enum
 * expect: percpu: the level of a constructor is two digits
 * expect: invalid suffix .(x|LEVEL_enum).|unable to find numeric literal operator
 */
#include <percpu.h>

#define LEVEL_5 5
#define LEVEL_08 08
enum { LEVEL_enum = 20 };

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
PERCPU_CONSTRUCT(LEVEL_08, LEVEL_5, &up, &down);
#endif

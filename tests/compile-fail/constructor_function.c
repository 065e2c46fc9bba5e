/* SPDX-License-Identifier: MIT */
/*
 * A constructor's functions are of the types that it says.
 * define: one,none,down one,up,up one,narrow,down one,up,none
 * expect: percpu: (up of a constructor is int|down of a constructor is void)
 */
#include <percpu.h>

#define CONSTRUCT(...) PERCPU_CONSTRUCT(10, __VA_ARGS__)

static inline int up(size_t cpu)
{
	return (int)cpu;
}

static inline void down(size_t cpu)
{
	(void)cpu;
}

static inline int narrow(unsigned cpu)
{
	return (int)cpu;
}

static inline void none(void)
{
}

#ifdef WRONG
CONSTRUCT(DEFINE);
#else
CONSTRUCT(two, up, down);
#endif

void use(void);

void use(void)
{
	none();
	(void)narrow(0);
}

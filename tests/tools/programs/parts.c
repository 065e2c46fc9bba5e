/* SPDX-License-Identifier: MIT */
/* Parts of the library that need another: CONSTRUCTS and UP, which runs it; ALLOCATES and GROWS. */
#include <percpu.h>

int part(void);

#ifdef CONSTRUCTS
static int timer_up(size_t cpu)
{
	return (int)cpu - (int)cpu;
}

static void timer_down(size_t cpu)
{
	(void)cpu;
}

PERCPU_CONSTRUCT(20, timer, timer_up, timer_down);
#endif

#ifdef ALLOCATES
static PERCPU_PTR(uint64_t) handle;
#endif

int part(void)
{
	int error = 0;

#ifdef UP
	error += percpu_cpu_up(0);
#endif
#ifdef ALLOCATES
	error += percpu_alloc(&handle);
#endif
#ifdef GROWS
	static _Alignas(PERCPU_CACHE_LINE) char memory[4096];
	static char map[4096];

	error += percpu_grow(memory, sizeof(memory), map);
#endif
	return error;
}

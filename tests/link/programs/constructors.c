/* SPDX-License-Identifier: MIT */
/* Constructors, of the levels and names that the command line gives; with MAIN, who calls them. */
#include <percpu.h>

static volatile size_t came;

#define CONSTRUCTOR(level, name)                                                                   \
	int up_##level##_##name(size_t cpu);                                                       \
	int up_##level##_##name(size_t cpu)                                                        \
	{                                                                                          \
		came = cpu + 1##level;                                                             \
		return 0;                                                                          \
	}                                                                                          \
	void down_##level##_##name(size_t cpu);                                                    \
	void down_##level##_##name(size_t cpu)                                                     \
	{                                                                                          \
		came = cpu - 1##level;                                                             \
	}                                                                                          \
	PERCPU_CONSTRUCT(level, name, up_##level##_##name, down_##level##_##name)

CONSTRUCTORS

#ifdef MAIN
void _start(void);

void _start(void)
{
	if (percpu_init(1) || percpu_cpu_up(0))
		return;
}
#endif

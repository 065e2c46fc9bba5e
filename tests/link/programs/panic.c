/* SPDX-License-Identifier: MIT */
/* A kernel whose library may call percpu_panic; with OWN the kernel's part that has it. */
#include <percpu.h>

#ifdef OWN
volatile int own_panic;

void percpu_panic(const char *why)
{
	own_panic = *why;
	for (;;)
		;
}
#else
PERCPU_DEFINE(int, variable);
volatile int value;

void _start(void);

void _start(void)
{
	if (percpu_init(1) == 0)
		value = percpu_read_on(variable, 0);
}
#endif

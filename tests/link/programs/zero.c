/* SPDX-License-Identifier: MIT */
/* Uses a variable, and nothing of the library; with LOST, a section that no script names. */
#include <percpu.h>

PERCPU_DEFINE(int, variable) = 1;
volatile int an_ordinary_global = 1;
static volatile int zero;

#ifdef LOST
__attribute__((section(LOST))) volatile int lost;
#else
static volatile int lost;
#endif

void _start(void);

void _start(void)
{
	percpu_write(variable, an_ordinary_global);
	zero = 1;
	lost = 2;
}

/* SPDX-License-Identifier: MIT */
/*
 * A kernel for ldscripts/kernel.ld: its entry is where kernel.ld wants it. With ORPHAN it also has
 * an object in a section that kernel.ld does not know.
 */
#include <percpu.h>

PERCPU_DEFINE(int, variable) = 1;

#ifdef ORPHAN
__attribute__((section("lost"))) volatile int orphan = 1;
#else
static volatile int orphan;
#endif

__attribute__((section(".text.entry"))) void _start(void);

void _start(void)
{
	if (percpu_init(1))
		return;
	percpu_inc(variable);
	orphan = 2;
}

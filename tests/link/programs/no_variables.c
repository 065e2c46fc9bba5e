/* SPDX-License-Identifier: MIT */
/* Makes the areas, but has no variable of its own. */
#include <percpu.h>

void _start(void);

static volatile int error;

void _start(void)
{
	error = percpu_init(1);
}

/* SPDX-License-Identifier: MIT */
/* Makes the areas, but has no variable of its own. */
#include <percpu.h>

void _start(void);

void _start(void)
{
	percpu_init(1);
}

/* SPDX-License-Identifier: MIT */
/* What is linked by the scripts in the pages: a variable of each kind, and something in .bss. */
#include <percpu.h>

void _start(void);

PERCPU_DEFINE(size_t, near) = 1;
PERCPU_DEFINE_FAR(char[5000], far) = "far";
PERCPU_DEFINE_PAGE(char[1], page) = "p";
static char zeros[100];

void _start(void)
{
	if (percpu_init(8) || percpu_set_local_thread_pointer(0))
		return;
	percpu_inc(near);
	percpu_write(far[1], *(volatile char *)zeros);
	percpu_write(page[0], 1);
}

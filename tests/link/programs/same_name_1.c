/* SPDX-License-Identifier: MIT */
/* A static variable whose name is also that of one in same_name_2.c. */
#include <percpu.h>

static PERCPU_DEFINE(uint32_t, counter) = 0x11111111;
static PERCPU_DEFINE_FAR(uint32_t, far_counter) = 0x33333333;

void count_elsewhere(void);
void _start(void);

void _start(void)
{
	if (percpu_init(1))
		return;
	percpu_inc(counter);
	percpu_inc(far_counter);
	count_elsewhere();
}

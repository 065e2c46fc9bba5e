/* SPDX-License-Identifier: MIT */
/* A static variable whose name is also that of one in same_name_1.c. */
#include <percpu.h>

static PERCPU_DEFINE(uint32_t, counter) = 0x22222222;
static PERCPU_DEFINE_FAR(uint32_t, far_counter) = 0x44444444;

void count_elsewhere(void);

void count_elsewhere(void)
{
	percpu_inc(counter);
	percpu_inc(far_counter);
}

/* SPDX-License-Identifier: MIT */
/* Accessors of percpu/linux.h; FOREIGN 1: on no per-CPU variable, at four places of a page. */
#include <percpu/linux.h>

#if FOREIGN
static int plain[1024];
#else
static DEFINE_PER_CPU_FAR(int[1024], plain);
#endif

void foreign(void);
void foreign(void)
{
	this_cpu_write(plain[0], 1);
	this_cpu_write(plain[256], 2);
	this_cpu_write(plain[512], 3);
	this_cpu_inc(plain[768]);
}

/* SPDX-License-Identifier: MIT */
/* A variable as large as the command line says, near unless it says otherwise. */
#include <percpu.h>

#ifndef DEFINE
#define DEFINE PERCPU_DEFINE
#endif
DEFINE(char[BYTES], filler) = "filler";

void _start(void);

void _start(void)
{
	if (percpu_init(1))
		return;
	percpu_inc(filler[BYTES - 1]);
}

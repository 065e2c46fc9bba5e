/* SPDX-License-Identifier: MIT */
/* Declares the variable of define.c and uses it; the command line says of which kind it is. */
#include <percpu.h>

DECLARE(uint64_t, shared);

void _start(void);

void _start(void)
{
	if (percpu_init(1))
		return;
	percpu_inc(shared);
	percpu_write_on(shared, 0, 1);
}

/* SPDX-License-Identifier: MIT */
/* C that names a variable of defined.c, and keeps the table of named.S. */
#include <percpu.h>

PERCPU_DECLARE(uint32_t, named_by_c);
extern const void *const table[];
const void *volatile first;

void _start(void);

void _start(void)
{
	if (percpu_init(1))
		return;
	percpu_inc(named_by_c);
	first = table[0];
}

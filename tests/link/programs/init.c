/* SPDX-License-Identifier: MIT */
/* Calls one function that makes areas; the command line says which. */
#include <percpu.h>

PERCPU_DEFINE(int, variable) = 1;
volatile int an_ordinary_global = 1;
char memory[4];

void _start(void);

void _start(void)
{
	if (INIT == 0)
		an_ordinary_global = percpu_read(variable);
}

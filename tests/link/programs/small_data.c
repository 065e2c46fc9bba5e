/* SPDX-License-Identifier: MIT */
/* Accesses small data, with initial values and without, and a per-CPU variable. */
#include <percpu.h>

PERCPU_DEFINE(int, variable) = 1;

#define EIGHT(of, n) of(n##0) of(n##1) of(n##2) of(n##3) of(n##4) of(n##5) of(n##6) of(n##7)
#define VALUE(n) volatile int with_value_##n = 1;
#define ZERO(n) volatile int zero_##n;
#define COUNT(n)                                                                                   \
	with_value_##n = 2;                                                                        \
	zero_##n = 3;

EIGHT(VALUE, 1)
EIGHT(VALUE, 2)
EIGHT(ZERO, 1)
EIGHT(ZERO, 2)

void _start(void);

void _start(void)
{
	percpu_inc(variable);
	EIGHT(COUNT, 1)
	EIGHT(COUNT, 2)
}

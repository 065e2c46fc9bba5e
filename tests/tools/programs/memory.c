/* SPDX-License-Identifier: MIT */
/* A user's file that is called as one of the library's; and a function that could be. */
#include <percpu.h>

PERCPU_DECLARE(uint64_t, counter);

uint64_t percpu_stats_reset(uint64_t n);
uint64_t use(uint64_t n);

static __attribute__((noinline)) uint64_t reset(uint64_t n)
{
	percpu__counter = n;
	return n + 1;
}

uint64_t percpu_stats_reset(uint64_t n)
{
	percpu__counter = n;
	return n + 2;
}

uint64_t use(uint64_t n)
{
	return reset(n) + percpu_stats_reset(n);
}

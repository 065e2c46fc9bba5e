/* SPDX-License-Identifier: MIT */
/* The first sequence of each file that includes this: at the same line, and of the same number. */
#include <percpu.h>

PERCPU_DECLARE(uint64_t, counter);

static inline __attribute__((always_inline)) void count_shared(void)
{
	percpu_add(counter, 9);
}

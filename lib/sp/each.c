/* SPDX-License-Identifier: MIT */
/*
 * PERCPU_MODE sp: the one area is the template. As by percpu_init_at, the memory is not used, but
 * arguments that are wrong in PERCPU_MODE smp are refused here too.
 */
#include <percpu.h>

#include "../internal.h"

#if PERCPU_IS_SP

int percpu_init_each(void *const *areas, size_t n)
{
	if (!areas || n == 0)
		return PERCPU_EINVAL;
	if (n > 1)
		return PERCPU_ENOSPC;
	return percpu_init_at(areas[0], SIZE_MAX, 1);
}

#endif

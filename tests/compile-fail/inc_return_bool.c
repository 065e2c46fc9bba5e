/* SPDX-License-Identifier: MIT */
/*
 * A bool is counted up.
 * expect: no arithmetic on a bool
 */
#include <percpu.h>

PERCPU_DEFINE(bool, flag) = true;

bool use(void);

bool use(void)
{
#ifdef WRONG
	return percpu_inc_return(flag);
#else
	return percpu_xchg(flag, true);
#endif
}

/* SPDX-License-Identifier: MIT */
/*
 * An error that nobody looks at: what follows would be of the handle of no variable.
 * by -I: C
 * flags: -Werror=unused-result
 * expect: ignoring return value of .*warn_unused_result
 * use: X(percpu_alloc(&handle))
 * use: X(percpu_alloc_aligned(&handle, 64))
 * use: X(percpu_free(&handle))
 */
#include <percpu.h>

static PERCPU_PTR(int) handle;

#define CHECKED(call) error += call
#define UNCHECKED(call) call

int use(void);

int use(void)
{
	int error = 0;

#ifdef WRONG
	USE(UNCHECKED);
#else
	USE(CHECKED);
#endif
	return error;
}

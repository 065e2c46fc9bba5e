/* SPDX-License-Identifier: MIT */
/*
 * An error that nobody looks at: what follows would be of the handle of no variable, or of a record
 * that has none. In C these are macros, and GCC is silent of one in a header that is the system's.
 * by -I: C
 * flags: -Werror=unused-result
 * expect: ignoring return value of .*warn_unused_result
 * use: X(percpu_alloc(&handle))
 * use: X(percpu_alloc_aligned(&handle, 64))
 * use: X(percpu_free(&handle))
 * use: X(percpu_record_init(&record))
 * use: X(percpu_record_fini(&record))
 */
#include <percpu/record.h>

static PERCPU_PTR(int) handle;
static PERCPU_RECORD(uint64_t[2]) record;

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

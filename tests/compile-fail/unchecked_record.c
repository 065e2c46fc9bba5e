/* SPDX-License-Identifier: MIT */
/*
 * The same of a record, whose init and fini are macros in C: GCC is silent of one in a header that
 * is the system's.
 * flags: -Werror=unused-result
 * by -I: C
 * expect: ignoring return value of .*warn_unused_result
 * use: X(percpu_record_init(record))
 * use: X(percpu_record_fini(record))
 */
#include <percpu/record.h>

#define CHECKED(call) error += call
#define UNCHECKED(call) call

typedef PERCPU_RECORD(uint64_t[2]) two_record;
int use(two_record *record);

int use(two_record *record)
{
	int error = 0;

	(void)record;
#ifdef WRONG
	USE(UNCHECKED);
#else
	USE(CHECKED);
#endif
	return error;
}

/* SPDX-License-Identifier: MIT */
/*
 * An error that nobody looks at: the CPU would go on to memory that is no area.
 * flags: -Werror=unused-result
 * expect: ignoring return value of .*warn_unused_result
 * use: X(percpu_init(1))
 * use: X(percpu_init_at(memory, 1, 1))
 * use: X(percpu_early_init())
 * use: X(percpu_set_local_thread_pointer(1))
 */
#include <percpu.h>

#define CHECKED(call) error += call
#define UNCHECKED(call) call

int use(void *memory);

int use(void *memory)
{
	int error = 0;

	(void)memory;
#ifdef WRONG
	USE(UNCHECKED);
#else
	USE(CHECKED);
#endif
	return error;
}

/* SPDX-License-Identifier: MIT */
/* Another CPU's copy, for who has no use for NULL. */
#include <percpu.h>

#include "internal.h"

void *_percpu_existing_copy_on(size_t offset, size_t cpu)
{
	void *copy = _percpu_copy_on(offset, cpu);

	if (!copy) {
		_percpu_fail(
			"percpu: access to the variables of a CPU that has no area: its number is "
			"not below percpu_area_num()");
		/* In a percpu_panic: there is nothing to access. */
		__builtin_trap();
	}
	return copy;
}

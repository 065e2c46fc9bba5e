/* SPDX-License-Identifier: MIT */
/* Another CPU's copy, for who has no use for NULL. */
#include <percpu.h>

void *_percpu_existing_copy_on(size_t offset, size_t cpu)
{
	void *copy = _percpu_copy_on(offset, cpu);

	if (!copy)
		percpu_panic(
			"percpu: access to the variables of a CPU that has no area: its number is "
			"not below percpu_area_num()");
	return copy;
}

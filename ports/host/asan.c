/* SPDX-License-Identifier: MIT */
/*
 * For the library that is installed: out of bounds, in a CPU's copy, is found.
 *
 * An address sanitizer, if the program has one, knows which bytes of the template are no
 * variable's: it has put them between variables, and poisoned. Nobody has poisoned them in the
 * areas.
 */
#include <percpu.h>

int __asan_address_is_poisoned(const volatile void *address) __attribute__((weak));
void __asan_poison_memory_region(const volatile void *address, size_t size) __attribute__((weak));

/* The bytes from OFFSET on that are poisoned in the template, or are not, as the first is. */
static size_t run_of(size_t offset, size_t end, bool *poisoned)
{
	size_t first = offset;

	*poisoned = __asan_address_is_poisoned(_percpu_load_start + offset);
	while (offset < end &&
	       !__asan_address_is_poisoned(_percpu_load_start + offset) != *poisoned)
		offset++;
	return offset - first;
}

static void poison_as_template(char *area, size_t size)
{
	bool poisoned;

	for (size_t offset = 0, length; offset < size; offset += length) {
		length = run_of(offset, size, &poisoned);
		if (poisoned)
			__asan_poison_memory_region(area + offset, length);
	}
}

void percpu_host_bound(void)
{
	if (!__asan_address_is_poisoned)
		return;
	for (size_t cpu = 0; cpu < percpu_area_num(); cpu++)
		poison_as_template(percpu_area_base(cpu), percpu_area_size());
}

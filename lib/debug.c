/* SPDX-License-Identifier: MIT */
/*
 * The checks of PERCPU_DEBUG. Where it is 0 they are never called, and taking an area is nothing.
 *
 * Which CPU has an area is known by the hardware's own id, where the port can read one; riscv64
 * cannot, for mhartid is an M-mode register.
 */
#include <percpu.h>

#include "internal.h"

#if PERCPU_DEBUG && PERCPU__MODE == PERCPU__MODE_smp && defined(percpu_arch_hardware_id)

/* The owner's hardware id, plus 1; 0 before a CPU has taken the area. */
static PERCPU_DEFINE(uintptr_t, percpu_owner);

static uintptr_t *owner_of(void *base)
{
	return (uintptr_t *)((uintptr_t)base + percpu_offset(percpu_owner));
}

void _percpu_take(void *base)
{
	uintptr_t *owner = owner_of(base), me = percpu_arch_hardware_id() + 1;

	if (*owner && *owner != me)
		percpu_panic(
			"percpu: two CPUs take the same number: percpu_set_local_thread_pointer "
			"was called with it on both");
	*owner = me;
}

static bool is_mine(void *base)
{
	return *owner_of(base) == percpu_arch_hardware_id() + 1;
}

#else

void _percpu_take(void *base)
{
	(void)base;
}

static bool is_mine(void *base)
{
	(void)base;
	return true;
}

#endif

void _percpu_check_access(void)
{
	void *base = percpu_get_local_thread_pointer();

	if (percpu_area_num() == 0)
		percpu_panic("percpu: a variable is used before the areas are made: call "
			     "percpu_early_init or percpu_init first");
	if (!base)
		percpu_panic(
			"percpu: a variable is used on a CPU whose register holds no area: it has "
			"not called percpu_set_local_thread_pointer, or something else wrote the "
			"register");
	if (!is_mine(base))
		percpu_panic(
			"percpu: the register of this CPU holds the area of another CPU: it was "
			"saved and restored with a thread, or the wrong number was given");
}

void _percpu_check_pointer(void)
{
	_percpu_check_access();
#if PERCPU__PREEMPT == PERCPU__PREEMPT_hooks
	if (percpu_preemptible())
		percpu_panic(
			"percpu: percpu_ptr while preemptible: the thread may be moved, and the "
			"pointer stays; use percpu_with");
#endif
}

/* SPDX-License-Identifier: MIT */
/*
 * The checks of PERCPU_DEBUG. Where it is 0 there are none.
 *
 * Which CPU has an area, and on which a check has failed, is known by the hardware's own id, where
 * the port can read one, or else by what the kernel says (percpu_hardware_id).
 */
#include <percpu.h>

#include "internal.h"

#if PERCPU_DEBUG

/* The calling CPU; not 0. */
static uintptr_t this_cpu(void)
{
#if PERCPU_IS_SMP
	return percpu_arch_hardware_id() + 1;
#else
	return 1;
#endif
}

/* The CPUs on which a check has failed. That many have their say; one more is only stopped. */
static uintptr_t failed[64];
#define FAILED (sizeof(failed) / sizeof(failed[0]))

/*
 * Notes that a check fails on this CPU. False if one has failed before: it is percpu_panic that
 * meets it now.
 *
 * No atomic update, which aarch64 need not have while the MMU is off. If two CPUs take one entry at
 * the same time, one is not noted: a check that fails in its percpu_panic calls that once more.
 */
static bool note_failure(void)
{
	uintptr_t me = this_cpu();

	for (size_t i = 0; i < FAILED; i++) {
		uintptr_t *entry = &failed[(me + i) % FAILED];
		uintptr_t there = __atomic_load_n(entry, __ATOMIC_RELAXED);

		if (there == me)
			return false;
		if (!there) {
			__atomic_store_n(entry, me, __ATOMIC_RELAXED);
			return true;
		}
	}
	__builtin_trap();
}

void _percpu_fail(const char *why)
{
	if (note_failure())
		percpu_panic(why);
}

#if PERCPU_IS_SMP

/* The owner, as this_cpu has it; 0 before a CPU has taken the area. */
static PERCPU_DEFINE(uintptr_t, percpu_owner);

static uintptr_t *owner_of(void *base)
{
	return (uintptr_t *)((uintptr_t)base + percpu_offset(percpu_owner));
}

void _percpu_take(void *base)
{
	uintptr_t *owner = owner_of(base), me = this_cpu();

	if (*owner && *owner != me)
		_percpu_fail(
			"percpu: two CPUs take the same number: percpu_set_local_thread_pointer "
			"or percpu_cpu_up was called with it on both");
	else
		*owner = me;
}

void _percpu_give_back(void *base)
{
	*owner_of(base) = 0;
}

static bool is_mine(void *base)
{
	return *owner_of(base) == this_cpu();
}

#else

void _percpu_take(void *base)
{
	(void)base;
}

void _percpu_give_back(void *base)
{
	(void)base;
}

static bool is_mine(void *base)
{
	(void)base;
	return true;
}

#endif

/* What is wrong with an access by this CPU; NULL if nothing is. */
static const char *what_is_wrong(void)
{
	void *base = percpu_get_local_thread_pointer();

	if (percpu_area_num() == 0)
		return "percpu: a variable is used before the areas are made: call "
		       "percpu_early_init or percpu_init first";
	if (!base)
		return "percpu: a variable is used on a CPU whose register holds no area: it has "
		       "not called percpu_set_local_thread_pointer, or something else wrote the "
		       "register";
	if (!is_mine(base))
		return "percpu: the register of this CPU holds the area of another CPU: it was "
		       "saved and restored with a thread, or the wrong number was given, or "
		       "percpu_cpu_dead was called while this CPU ran";
	return NULL;
}

void _percpu_check_access(void)
{
	/* A caller that is not pinned stays here, from the register to what is asked of it. */
	uintptr_t flags = percpu_arch_irq_save();
	const char *why = what_is_wrong();

	percpu_arch_irq_restore(flags);
	if (why)
		_percpu_fail(why);
}

static void check_aligned(size_t offset, size_t size)
{
	if (offset & (size - 1))
		_percpu_fail("percpu: an update of a misaligned variable: declare what is inside a "
			     "packed structure aligned, or the structure not packed");
}

void _percpu_check_pointer(void)
{
	_percpu_check_access();
#if !PERCPU_IS_NONE
	if (percpu_preemptible())
		_percpu_fail(
			"percpu: percpu_ptr while preemptible: the thread may be moved, and the "
			"pointer stays; use percpu_with");
#endif
}

void _percpu_check_alone(bool unchanged)
{
	if (!unchanged)
		_percpu_fail(
			"percpu: a variable changed while interrupts were off for an update of it: "
			"an NMI handler or another CPU writes it, or interrupts are not off, for "
			"the kernel does not run at the level of PERCPU_RISCV_LEVEL");
}

#if PERCPU_IS_SMP

void _percpu_check_template(void)
{
	static bool sealed;
	static size_t sealed_sum;
	const char *template_ = _percpu_template();
	size_t sum = 0;

	for (size_t i = 0; i < _percpu_template_size(); i++)
		sum = sum * 31 + (unsigned char)template_[i];
	if (sealed && sum != sealed_sum)
		_percpu_fail("percpu: the template has been written: a variable was used without "
			     "an accessor, or on a CPU whose register was not set");
	/* By the first call, of percpu_init: other CPUs call only after it. */
	sealed = true;
	sealed_sum = sum;
}

/*
 * What this CPU is updating, as offset * 32 + size, which is 16 at most; 0 if nothing. An interrupt
 * handler's update hides the one that it interrupted until it is done. The offset of a dynamic
 * variable may be below 0, and so huge: its highest bits, which are lost, tell nothing.
 */
static PERCPU_DEFINE(size_t, percpu_updating);

__attribute__((weak)) bool _percpu_has_grown(void)
{
	return false;
}

/* Of a handle too: but for what is percpu_grow's, dynamic variables are in the area. */
static void check_inside(size_t offset, size_t size)
{
	size_t area = percpu_area_size();

	if ((offset >= area || size > area - offset) && !_percpu_has_grown())
		_percpu_fail("percpu: an update outside of the area: of what is no per-CPU "
			     "variable, or by an index behind the end of one");
}

size_t _percpu_check_update(size_t offset, size_t size)
{
	size_t before;

	_percpu_check_access();
	check_aligned(offset, size);
	check_inside(offset, size);
	before = percpu_arch_load(percpu__percpu_updating);
	percpu_arch_store(percpu__percpu_updating, offset * 32 + size);
	/* Pairs with the fence in _percpu_check_write_on: the one or the other sees both. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return before;
}

void _percpu_check_updated(size_t before)
{
	/* The release: the update is over before anyone is told so. */
	__atomic_thread_fence(__ATOMIC_RELEASE);
	percpu_arch_store(percpu__percpu_updating, before);
}

void _percpu_check_write_on(size_t offset, size_t size, size_t cpu)
{
	char *area = percpu_area_base(cpu);
	size_t updating, ahead;

	if (area == percpu_get_local_thread_pointer())
		return;
	/* After the write. Pairs with the fence in _percpu_check_update. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	updating = __atomic_load_n((size_t *)(void *)(area + percpu_offset(percpu_updating)),
				   __ATOMIC_RELAXED);
	/* How far the update begins behind the write, modulo what is left of an offset. */
	ahead = (updating / 32 - offset) % (SIZE_MAX / 32 + 1);
	if (updating && (ahead < size || -ahead % (SIZE_MAX / 32 + 1) < updating % 32))
		_percpu_fail("percpu: percpu_write_on while that CPU is updating the variable: "
			     "either the write or the update is lost");
}

#else

void _percpu_check_template(void)
{
}

size_t _percpu_check_update(size_t offset, size_t size)
{
	_percpu_check_access();
	check_aligned(offset, size);
	return 0;
}

void _percpu_check_updated(size_t before)
{
	(void)before;
}

void _percpu_check_write_on(size_t offset, size_t size, size_t cpu)
{
	(void)offset;
	(void)size;
	(void)cpu;
}

#endif

#endif

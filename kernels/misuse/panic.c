/* SPDX-License-Identifier: 0BSD */
/*
 * A percpu_panic like that of a kernel whose locks have per-CPU state: it does what each of the
 * checks looks at, so whichever has failed meets the same again. It says its sentence once, and
 * ends the machine; where more than one CPU fails, when each has said its own.
 */
#include <kernels/common/kernel.h>
#include <percpu.h>

#include "misuse.h"

size_t panics_expected = 1;
size_t panics_entered;

static size_t arrived, printed;

static PERCPU_DEFINE(size_t, locks_held);
static PERCPU_DEFINE(size_t, told_to_stop);

static void use_variables(void)
{
	percpu_inc(locks_held);
	*percpu_ptr(locks_held) += percpu_read(locks_held);
	percpu_for_each (cpu)
		percpu_write_on(told_to_stop, cpu, 1);
	percpu_reset(locks_held);
}

void percpu_panic(const char *why)
{
	uint64_t until = board_microseconds() + 6 * WAIT_MICROSECONDS;

	(void)percpu_arch_irq_save();
	/* More often than there are mistakes: it is said once too often, not until a stack ends. */
	if (__atomic_add_fetch(&panics_entered, 1, __ATOMIC_SEQ_CST) > panics_expected) {
		print("# %s\n", why);
		tap_bail_out("%s", why);
	}
	if (percpu_get_local_thread_pointer())
		use_variables();
	if (__atomic_add_fetch(&arrived, 1, __ATOMIC_SEQ_CST) < panics_expected &&
	    wait_for(&arrived, panics_expected, until)) {
		print("# %s\n", why);
		/* Pairs with the acquire in wait_for, below on the last CPU. */
		__atomic_store_n(&printed, 1, __ATOMIC_RELEASE);
		arch_halt();
	}
	(void)wait_for(&printed, panics_expected - 1, until);
	tap_bail_out("%s", why);
}

/* SPDX-License-Identifier: 0BSD */
/*
 * One attempt to interrupt an operation: the timer, the sled, the operation. The timer ticks more
 * coarsely than an instruction takes, except on x86_64, so it is set where a tick begins.
 */
#include <arch/interrupts.h>
#include <kernels/common/kernel.h>

#include "sweep.h"

/* How much of the sled is to run before the interrupt comes: more than an operation is long. */
#define SLED_SPENT 200

static size_t interrupted, returned; /* the interrupt has come; the operation is over */
static bool late;		     /* it was over when the interrupt came */
static uintptr_t interrupted_at;

static uint64_t timer_ticks; /* what the timer is set to */

void attempt_interrupted(uintptr_t pc)
{
	interrupted_at = pc;
	late = __atomic_load_n(&returned, __ATOMIC_RELAXED);
	__atomic_store_n(&interrupted, 1, __ATOMIC_RELAXED);
}

bool attempt_was_late(void)
{
	return late;
}

static void wait_for_interrupt(void)
{
	for (size_t i = 0; !__atomic_load_n(&interrupted, __ATOMIC_RELAXED); i++)
		if (i == 100000000)
			tap_bail_out("cpu 0: the timer, set to %lu ticks, does not interrupt it: "
				     "see what the interrupt controller does by QEMU's -d int",
				     timer_ticks);
}

static size_t size_of_nop(void)
{
	return (size_t)(sled_end - sled) / SLED_NOPS;
}

static void run_sled(size_t nops)
{
	((void (*)(void))(sled_end - nops * size_of_nop()))();
}

/*
 * The start of a tick is found give or take an instruction or two: which, must not be the same each
 * time, so some nops come first.
 */
uint64_t attempt(const struct scene *scene, size_t nops)
{
	uint64_t result;

	interrupted = returned = 0;
	run_sled(scene->value % 8);
	arch_timer_wait_tick();
	arch_timer_set(timer_ticks);
	arch_interrupts_on();
	run_sled(nops);
	result = scene->operation->function(scene->value, scene->expected, 1);
	__atomic_store_n(&returned, 1, __ATOMIC_RELAXED);
	wait_for_interrupt();
	arch_interrupts_off();
	if (percpu_set_local_thread_pointer(0))
		tap_bail_out("cpu 0: it has no area 0");
	return result;
}

size_t attempt_calibrate(const struct scene *scene)
{
	size_t spent = 0;

	while (spent < SLED_SPENT || spent >= SLED_NOPS) {
		timer_ticks += 1 + timer_ticks / 16;
		if (timer_ticks > 100000)
			tap_bail_out("cpu 0: the timer never interrupts the sled: run QEMU with "
				     "-icount shift=0");
		(void)attempt(scene, SLED_NOPS);
		spent = (size_t)(interrupted_at - (uintptr_t)sled) / size_of_nop();
	}
	return spent;
}

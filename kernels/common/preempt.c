/* SPDX-License-Identifier: 0BSD */
/*
 * The hooks of percpu.h. They count, in per-CPU variables, how deep preemption is off: right for
 * kernels without a scheduler and for kernels/preempt, whose threads are moved while it is 0.
 *
 * Only the step from 0 needs interrupts off: between finding its CPU's count and changing it the
 * caller could be moved, and would hold preemption off on the CPU that it came from. Above 0
 * nothing moves it, and a handler leaves the count as it found it.
 */
#include "kernel.h"

#include <percpu.h>

static PERCPU_DEFINE(size_t, preempt_depth);
static PERCPU_DEFINE(size_t, preempt_count);

bool preemption_exists;
bool preemption_hooks_idle;

void percpu_preempt_disable(void)
{
	uintptr_t interrupts;

	if (preemption_hooks_idle)
		return;
	interrupts = percpu_arch_irq_save();
	percpu_raw_add(preempt_depth, 1);
	percpu_raw_add(preempt_count, 1);
	percpu_arch_irq_restore(interrupts);
}

void percpu_preempt_enable(void)
{
	if (!preemption_hooks_idle)
		percpu_raw_add(preempt_depth, (size_t)-1);
}

bool percpu_preemptible(void)
{
	return preemption_exists && preempt_depth() == 0;
}

/* Found and read on one CPU; 0, if the caller can be moved, on whichever that is. */
size_t preempt_depth(void)
{
	uintptr_t interrupts = percpu_arch_irq_save();
	size_t depth = percpu_raw_read(preempt_depth);

	percpu_arch_irq_restore(interrupts);
	return depth;
}

size_t preempt_count(void)
{
	return percpu_raw_read(preempt_count);
}

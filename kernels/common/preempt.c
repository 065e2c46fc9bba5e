/* SPDX-License-Identifier: 0BSD */
/*
 * The hooks of PERCPU_PREEMPT hooks: they only count, in per-CPU variables, by percpu_raw_add,
 * which calls no hook. Until the depth is up the caller may be moved, so interrupts are off
 * meanwhile; until it is down again, the caller is pinned.
 */
#include "kernel.h"

#include <percpu.h>

static PERCPU_DEFINE(size_t, preempt_depth);
static PERCPU_DEFINE(size_t, preempt_count);

void percpu_preempt_disable(void)
{
	uintptr_t interrupts = percpu_arch_irq_save();

	percpu_raw_add(preempt_depth, 1);
	percpu_raw_add(preempt_count, 1);
	percpu_arch_irq_restore(interrupts);
}

void percpu_preempt_enable(void)
{
	percpu_raw_add(preempt_depth, (size_t)-1);
}

/* There is no scheduler, so nothing is ever moved; kernels/misuse pretends. */
bool preemption_exists;

bool percpu_preemptible(void)
{
	return preemption_exists && preempt_depth() == 0;
}

size_t preempt_depth(void)
{
	return percpu_raw_read(preempt_depth);
}

size_t preempt_count(void)
{
	return percpu_raw_read(preempt_count);
}

/* SPDX-License-Identifier: 0BSD */
/*
 * The hooks of PERCPU_PREEMPT hooks, for kernels without a scheduler: they only count, in per-CPU
 * variables, by percpu_raw_add, which calls no hook.
 */
#include "kernel.h"

#include <percpu.h>

static PERCPU_DEFINE(size_t, preempt_depth);
static PERCPU_DEFINE(size_t, preempt_count);

void percpu_preempt_disable(void)
{
	percpu_raw_add(preempt_depth, 1);
	percpu_raw_add(preempt_count, 1);
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

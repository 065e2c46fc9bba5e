/* SPDX-License-Identifier: MIT */
/*
 * The hooks of PERCPU_PREEMPT hooks as cheap as a preemptive kernel can have them: a count, and a
 * look whether to reschedule when it is 0 again. They take the place of kernels/common/preempt.c,
 * which counts more, for tests.
 */
#include "bench.h"

static PERCPU_DEFINE(uint32_t, preempt_count);
static PERCPU_DEFINE(uint32_t, need_reschedule);

void percpu_preempt_disable(void)
{
	percpu_raw_add(preempt_count, 1);
}

void percpu_preempt_enable(void)
{
	percpu_raw_add(preempt_count, -1u);
	if (percpu_raw_read(preempt_count) == 0 && percpu_raw_read(need_reschedule))
		tap_bail_out("cpu 0: bench: nothing asked for another thread");
}

bool percpu_preemptible(void)
{
	return percpu_raw_read(preempt_count) == 0;
}

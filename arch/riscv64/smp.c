/* SPDX-License-Identifier: 0BSD */
/* Starting the other harts, by the firmware's Hart State Management extension. */
#include <kernels/common/kernel.h>

#include "sbi.h"

void secondary_start(void); /* boot.S */

void arch_start_cpus(void)
{
	bool has_hsm = sbi_has(SBI_HSM);

	/*
	 * What was written so far must be visible to a hart before it runs. The acquire load of its
	 * state in secondary_entry is the other half.
	 */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	for (size_t cpu = 1; cpu < cpu_count; cpu++) {
		if (!has_hsm) {
			cpus[cpu].error = "hart_start: the firmware lacks the HSM extension; "
					  "OpenSBI 0.7 and later have it";
			continue;
		}
		cpus[cpu].error_code = sbi_call(SBI_HSM, SBI_HSM_HART_START, cpus[cpu].hwid,
						(unsigned long)secondary_start, cpu);
		if (cpus[cpu].error_code)
			cpus[cpu].error = sbi_error_name(cpus[cpu].error_code);
	}
}

/* hart_start has said that the hart starts; asking again would only be refused. */
bool arch_retry_cpu(size_t cpu)
{
	(void)cpu;
	return false;
}

/* PAUSE, an encoding of FENCE that older assemblers have no name for and older harts ignore. */
void arch_pause(void)
{
	__asm__ volatile(".word 0x0100000f" ::: "memory");
}

void arch_halt(void)
{
	for (;;)
		__asm__ volatile("wfi");
}

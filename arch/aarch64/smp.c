/* SPDX-License-Identifier: 0BSD */
/* Starting the other CPUs, by the firmware's CPU_ON. */
#include <kernels/common/kernel.h>

#include "psci.h"

void secondary_start(void); /* boot.S */

void arch_start_cpus(void)
{
	/*
	 * What was written so far must be visible to a CPU before it runs. The acquire load of its
	 * state in secondary_entry, which it does with the MMU on, is the other half.
	 */
	__asm__ volatile("dsb ish" ::: "memory");
	for (size_t cpu = 1; cpu < cpu_count; cpu++) {
		cpus[cpu].error_code =
			psci_call(PSCI_CPU_ON, cpus[cpu].hwid, (uint64_t)secondary_start, cpu);
		if (cpus[cpu].error_code)
			cpus[cpu].error = psci_error_name(cpus[cpu].error_code);
	}
}

/* CPU_ON has said that the CPU starts; asking again would only be refused. */
void arch_retry_cpu(size_t cpu)
{
	(void)cpu;
}

void arch_pause(void)
{
	__asm__ volatile("yield" ::: "memory");
}

/* Called by boot.S with the MMU off, so without atomics or locks. */
__attribute__((noreturn)) void wrong_exception_level(uint64_t level, uintptr_t boot_data);
void wrong_exception_level(uint64_t level, uintptr_t boot_data)
{
	board_stop(boot_data,
		   level == 2
			   ? "Bail out! cpu 0: entered at EL2, but this kernel is built for EL1: "
			     "start the machine without virtualization=on\n"
			   : "Bail out! cpu 0: entered at EL3, but this kernel is built for EL1: "
			     "start the machine without secure=on, or by firmware\n");
}

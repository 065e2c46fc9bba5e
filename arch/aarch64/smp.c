/* SPDX-License-Identifier: 0BSD */
/* Starting the other CPUs, by the firmware's CPU_ON. */
#include <kernels/common/kernel.h>
#include <percpu.h>

#include "psci.h"

void secondary_start(void); /* boot.S */

const char *arch_start_init(void)
{
	return NULL;
}

void arch_start_cpus(size_t first, size_t end)
{
	/*
	 * What was written so far must be visible to a CPU before it runs. The acquire load of its
	 * state in secondary_entry, which it does with the MMU on, is the other half.
	 */
	__asm__ volatile("dsb ish" ::: "memory");
	for (size_t cpu = first; cpu < end; cpu++) {
		if (cpus[cpu].error)
			continue;
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
	static char text[] =
		"Bail out! cpu 0: entered at EL?, but this kernel is built for EL" PERCPU__STRING(
			PERCPU_ARM_EL) ": with QEMU, virtualization=on starts at EL2, no such "
				       "setting at EL1, "
				       "and secure=on with an ELF file at EL3\n";

	for (char *c = text; *c; c++)
		if (*c == '?')
			*c = (char)('0' + level);
	board_stop(boot_data, text);
}

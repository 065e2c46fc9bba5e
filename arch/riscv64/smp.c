/* SPDX-License-Identifier: 0BSD */
/* Starting the other harts, by the firmware's Hart State Management extension. */
#include <arch/interrupts.h>
#include <kernels/common/kernel.h>
#include <percpu.h>

#include "frame.h"
#include "sbi.h"

void _start(void), secondary_start(void); /* boot.S */

/* Where each hart looks itself up: boot.S. */
uint64_t hart_ids[MAX_CPUS];
size_t hart_count;

/* How long arch_pause sleeps: until other harts start, no time at all. */
#define PAUSES_PER_SECOND 200
static uint64_t pause_ticks;

/*
 * Where harts come in. astray= on the command line does on purpose what OpenSBI does once in a
 * while: see boot.S.
 */
static void (*entry)(void);

const char *arch_start_init(void)
{
	uint64_t astray;

	entry = option("astray", &astray) ? _start : secondary_start;
	for (size_t cpu = 0; cpu < cpu_count; cpu++)
		hart_ids[cpu] = cpus[cpu].hwid;
	hart_count = cpu_count;
	pause_ticks = arch_timer_rate() / PAUSES_PER_SECOND;
	return sbi_has(SBI_HSM) ? NULL
				: "hart_start: the firmware lacks the HSM extension; OpenSBI 0.7 "
				  "and later have it";
}

void arch_start_cpus(size_t first, size_t end)
{
	/*
	 * What was written so far must be visible to a hart before it runs. The fence at the start
	 * of secondary_start is the other half.
	 */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	for (size_t cpu = first; cpu < end; cpu++) {
		if (cpus[cpu].error)
			continue;
		cpus[cpu].error_code = sbi_call(SBI_HSM, SBI_HSM_HART_START, cpus[cpu].hwid,
						(unsigned long)entry, 0);
		if (cpus[cpu].error_code)
			cpus[cpu].error = sbi_error_name(cpus[cpu].error_code);
	}
}

/* hart_start has said that the hart starts; asking again would only be refused. */
void arch_retry_cpu(size_t cpu)
{
	(void)cpu;
}

/*
 * Sleeps until the timer is due, pause_ticks on. Interrupts are off: WFI only needs one that is
 * pending and enabled in sie. A hart that spins, even with the PAUSE hint, takes host time from
 * those that have not started: with 128 harts on two host CPUs the last ones never came.
 *
 * The timer may be in use (arch/interrupts.h): it then fires no later than it would have, and if
 * it has not by then, is set again before interrupts are on again.
 */
#define SIE_STIE (1u << 5)

void arch_pause(void)
{
	uintptr_t interrupts = percpu_arch_irq_save();
	uint64_t due = timer_due();
	uint64_t now, until;

	__asm__ volatile("rdtime %0" : "=r"(now));
	until = due < now + pause_ticks ? due : now + pause_ticks;
	sbi_call(SBI_TIME, SBI_TIME_SET_TIMER, until, 0, 0);
	__asm__ volatile("csrs sie, %0\n\twfi" : : "r"(SIE_STIE) : "memory");
	sbi_call(SBI_TIME, SBI_TIME_SET_TIMER, due, 0, 0);
	percpu_arch_irq_restore(interrupts);
}

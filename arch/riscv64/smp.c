/* SPDX-License-Identifier: 0BSD */
/* Starting the other harts, and pausing; how that is done is the level's. */
#include <arch/interrupts.h>
#include <kernels/common/kernel.h>

#include "frame.h"
#include "level.h"

/* Where each hart looks itself up: boot.S. */
uint64_t hart_ids[MAX_CPUS];
size_t hart_count;

/* How long arch_pause sleeps: until other harts start, no time at all. */
#define PAUSES_PER_SECOND 200
static uint64_t pause_ticks;

const char *arch_start_init(void)
{
	for (size_t cpu = 0; cpu < cpu_count; cpu++)
		hart_ids[cpu] = cpus[cpu].hwid;
	hart_count = cpu_count;
	pause_ticks = arch_timer_rate() / PAUSES_PER_SECOND;
	return level_starts_harts();
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
		cpus[cpu].error = level_start_hart(cpu, &cpus[cpu].error_code);
	}
}

/* The firmware has said that the hart starts; the pen's slot stays open, and is looked at. */
void arch_retry_cpu(size_t cpu)
{
	(void)cpu;
}

/*
 * hart_stop wants interrupts off. The timer is told that it has no time, so that nothing is pending
 * when the hart comes again; secondary_start turns sie or mie off too. The fence has all that this
 * hart wrote visible before the firmware, or the pen, can say that it has stopped.
 */
void arch_stop_self(size_t cpu)
{
	const char *error;
	long code = 0;

	arch_interrupts_off();
	level_set_timer(TIMER_NEVER);
	__asm__ volatile("csrw " CSR_STRING(ie) ", zero\n\tfence rw, rw" ::: "memory");
	error = level_stop_self(&code);
	tap_bail_out("cpu %zu (%s %lu) does not stop: hart_stop: %s (%ld): leave this hart running",
		     cpu, board_hwid_name, cpus[cpu].hwid, error, code);
}

/*
 * A hart that is about to stop may still be started, or STOP_PENDING: then hart_start would be
 * refused. The fence is the other half of that in arch_stop_self; the SBI does not promise it.
 */
bool arch_cpu_has_stopped(size_t cpu)
{
	bool stopped = level_has_stopped(cpu, &cpus[cpu].error, &cpus[cpu].error_code);

	__asm__ volatile("fence rw, rw" ::: "memory");
	return stopped;
}

/*
 * Sleeps until the timer is due, pause_ticks on. Interrupts are off: WFI only needs one that is
 * pending and enabled in sie or mie. A hart that spins, even with the PAUSE hint, takes host time
 * from those that have not started: with 128 harts on two host CPUs the last ones never came.
 *
 * The timer may be in use (arch/interrupts.h): it then fires no later than it would have, and if
 * it has not by then, is set again before interrupts are on again.
 */
void arch_pause(void)
{
	uint64_t status, due, until;

	/* Not by the library: its switch may be another level's, which is to be seen elsewhere. */
	__asm__ volatile("csrrci %0, " CSR_STRING(status) ", %1"
			 : "=r"(status)
			 : "i"(STATUS_IE)
			 : "memory");
	due = timer_due();
	until = level_time() + pause_ticks;
	level_set_timer(due < until ? due : until);
	__asm__ volatile("csrs " CSR_STRING(ie) ", %0\n\twfi" : : "r"(1 << CAUSE_TIMER) : "memory");
	level_set_timer(due);
	__asm__ volatile("csrs " CSR_STRING(status) ", %0" : : "r"(status & STATUS_IE) : "memory");
}

/* SPDX-License-Identifier: 0BSD */
/*
 * In S-mode (level.h): harts by the firmware's Hart State Management extension, the timer by its
 * Timer extension.
 */
#include "level.h"

#include <kernels/common/kernel.h>

#include "sbi.h"

void _start(void); /* boot.S */

/*
 * Where harts come in. astray= on the command line does on purpose what OpenSBI does once in a
 * while: see boot.S.
 */
static void (*entry)(void);

const char *level_starts_harts(void)
{
	uint64_t astray;

	entry = option("astray", &astray) ? _start : secondary_start;
	return sbi_has(SBI_HSM) ? NULL
				: "hart_start: the firmware lacks the HSM extension; OpenSBI 0.7 "
				  "and later have it";
}

const char *level_has_timer(void)
{
	return sbi_has(SBI_TIME) ? NULL
				 : "the firmware lacks the TIME extension: OpenSBI 0.6 and later "
				   "have it";
}

const char *level_start_hart(size_t cpu, long *code)
{
	*code = sbi_call(SBI_HSM, SBI_HSM_HART_START, cpus[cpu].hwid, (unsigned long)entry, 0);
	return *code ? sbi_error_name(*code) : NULL;
}

const char *level_stop_self(long *code)
{
	*code = sbi_call(SBI_HSM, SBI_HSM_HART_STOP, 0, 0, 0);
	return sbi_error_name(*code);
}

bool level_has_stopped(size_t cpu, const char **error, long *code)
{
	long status = sbi_hart_status(cpus[cpu].hwid);

	if (status < 0) {
		*code = status;
		*error = sbi_error_name(status);
	}
	return status == SBI_HSM_STOPPED;
}

/* Volatile: another time each time. */
uint64_t level_time(void)
{
	uint64_t now;

	__asm__ volatile("rdtime %0" : "=r"(now));
	return now;
}

/* A later time takes the pending interrupt back (SBI specification, "Set Timer"). */
void level_set_timer(uint64_t time)
{
	sbi_call(SBI_TIME, SBI_TIME_SET_TIMER, time, 0, 0);
}

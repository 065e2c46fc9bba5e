/* SPDX-License-Identifier: 0BSD */
/* In M-mode (level.h): harts out of the pen, the timer by the CLINT. */
#include <kernels/common/kernel.h>

#include "clint.h"
#include "level.h"
#include "pen.h"
#include "sbi.h"

const char *level_starts_harts(void)
{
	pen_keep_out(this_hwid());
	return NULL;
}

const char *level_has_timer(void)
{
	return NULL;
}

const char *level_start_hart(size_t cpu, long *code)
{
	*code = pen_release(cpus[cpu].hwid, (uintptr_t)secondary_start, 0);
	if (*code == SBI_ERR_INVALID_PARAM)
		return "the device tree's CLINT (interrupts-extended) does not have this hart, "
		       "which cannot be woken up";
	return *code ? sbi_error_name(*code) : NULL;
}

const char *level_stop_self(long *code)
{
	(void)code; /* nobody refuses */
	pen_go_back();
}

bool level_has_stopped(size_t cpu, const char **error, long *code)
{
	long status = pen_status(cpus[cpu].hwid);

	if (status < 0) {
		*code = status;
		*error = sbi_error_name(status);
	}
	return status == SBI_HSM_STOPPED;
}

uint64_t level_time(void)
{
	return clint_time();
}

/* No hart runs that has no comparator: see clint_find and pen_release. */
void level_set_timer(uint64_t time)
{
	clint_set_timer(time);
}

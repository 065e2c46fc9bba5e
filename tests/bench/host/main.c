/* SPDX-License-Identifier: MIT */
/*
 * The host's part of make bench: nanoseconds on a real CPU. GS_BASE belongs to the program, so the
 * x86_64 port's own instructions run here as they are in a kernel, with threads in the place of
 * CPUs, each bound to one.
 *
 * Time depends on the machine and on what else it does. So contestants take turns, many times over;
 * what counts is the ratio of two that were measured one right after the other, and the median of
 * those ratios.
 */
#include "host.h"

#include <stdio.h>

int main(void)
{
	int error;

	find_cpus();
	error = percpu_init(allowed_count);
	if (error)
		stop("percpu_init for %zu CPUs: %s", allowed_count, percpu_strerror(error));
	become(0);
	printf("cpus %zu\n", allowed_count);
	time_operations();
	time_forms();
	time_threads();
	time_sharing();
	return 0;
}

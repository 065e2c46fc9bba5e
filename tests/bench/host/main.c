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
#define _GNU_SOURCE
#include "host.h"

#include <sched.h>
#include <stdio.h>

size_t allowed_cpus[MAX_CPUS];
size_t allowed_count;

static void find_cpus(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		stop("sched_getaffinity does not say which CPUs this program may use");
	for (size_t cpu = 0; cpu < CPU_SETSIZE && allowed_count < MAX_CPUS; cpu++)
		if (CPU_ISSET(cpu, &set))
			allowed_cpus[allowed_count++] = cpu;
}

void become(size_t place)
{
	cpu_set_t set;
	int error;

	CPU_ZERO(&set);
	CPU_SET(allowed_cpus[place], &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		stop("CPU %zu cannot be had", allowed_cpus[place]);
	error = percpu_set_local_thread_pointer(place);
	if (error)
		stop("percpu_set_local_thread_pointer: %s", percpu_strerror(error));
}

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

/* SPDX-License-Identifier: MIT */
/* The CPUs that this program may use, and the threads that are bound to them. */
#define _GNU_SOURCE
#include "host.h"

#include <sched.h>

size_t allowed_cpus[MAX_CPUS];
size_t allowed_count;

void find_cpus(void)
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

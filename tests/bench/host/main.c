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

#include <asm/prctl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

size_t allowed_cpus[MAX_CPUS];
size_t allowed_count;

void stop(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	fputs("bench: ", stderr);
	vfprintf(stderr, format, list);
	fputs("\n", stderr);
	va_end(list);
	exit(1);
}

void percpu_panic(const char *why)
{
	stop("%s", why);
}

uintptr_t percpu_arch_get_register(void)
{
	uintptr_t value;

	if (syscall(SYS_arch_prctl, ARCH_GET_GS, &value))
		stop("arch_prctl does not give GS_BASE: this needs an x86_64 Linux");
	return value;
}

void percpu_arch_set_register(uintptr_t value)
{
	if (syscall(SYS_arch_prctl, ARCH_SET_GS, value))
		stop("arch_prctl does not set GS_BASE: this needs an x86_64 Linux");
}

uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare);
	return values[count / 2];
}

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
	time_threads();
	time_sharing();
	return 0;
}

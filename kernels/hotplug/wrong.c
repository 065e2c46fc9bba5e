/* SPDX-License-Identifier: 0BSD */
/* Calls that must be refused, by a named error, and change nothing. */
#include <kernels/common/kernel.h>
#include <percpu.h>

#include "hotplug.h"

bool wrong_before_init(void)
{
	return percpu_cpu_up(0) == PERCPU_ENOTREADY && percpu_cpu_down(0) == PERCPU_ENOTREADY &&
	       percpu_cpu_dead(1) == PERCPU_ENOTREADY && percpu_cpu_state(0) == PERCPU_ENOTREADY;
}

static bool is_no_cpu(size_t cpu)
{
	return percpu_cpu_up(cpu) == PERCPU_EINVAL && percpu_cpu_down(cpu) == PERCPU_EINVAL &&
	       percpu_cpu_dead(cpu) == PERCPU_EINVAL && percpu_cpu_state(cpu) == PERCPU_EINVAL;
}

bool wrong_numbers(void)
{
	return is_no_cpu(cpu_count) && is_no_cpu(SIZE_MAX);
}

/* CALL, by the CPU ME, must not do anything to CPU, which is in STATE. */
static void refused(size_t me, int (*call)(size_t cpu), size_t cpu, int state)
{
	struct life *life = &lives[me];
	size_t called = lives[cpu].called, undone = lives[cpu].undone;
	void *area = percpu_get_local_thread_pointer();

	life->wrong++;
	life->mistakes += call(cpu) != PERCPU_ESTATE || percpu_cpu_state(cpu) != state ||
			  percpu_get_local_thread_pointer() != area ||
			  lives[cpu].called != called || lives[cpu].undone != undone;
}

void wrong_while_up(size_t cpu)
{
	refused(cpu, percpu_cpu_up, cpu, PERCPU_CPU_UP);
	refused(cpu, percpu_cpu_dead, cpu, PERCPU_CPU_UP);
}

void wrong_while_dying(size_t cpu)
{
	refused(cpu, percpu_cpu_up, cpu, PERCPU_CPU_DYING);
	refused(cpu, percpu_cpu_down, cpu, PERCPU_CPU_DYING);
	refused(cpu, percpu_cpu_dead, cpu, PERCPU_CPU_DYING);
}

void wrong_from_cpu_0(size_t cpu)
{
	int state = percpu_cpu_state(cpu);

	refused(0, percpu_cpu_up, cpu, state);
	refused(0, percpu_cpu_dead, cpu, state);
	if (cpu)
		refused(0, percpu_cpu_down, cpu, state);
}

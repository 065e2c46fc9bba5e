/* SPDX-License-Identifier: 0BSD */
/*
 * fault: the trap path. The last CPU executes an instruction that does not exist; what must follow
 * is one line that names the trap, the pc and the CPU, and the end of the machine as a failure.
 * This kernel has failed if it comes to its own end.
 */
#include <kernels/common/kernel.h>
#include <percpu.h>

static void fault(size_t cpu)
{
	static size_t never;

	if (cpu == cpu_count - 1)
		arch_undefined_instruction();
	(void)wait_for(&never, 1, board_microseconds() + WAIT_MICROSECONDS);
}

void kernel_main(void)
{
	tap_plan(1);
	percpu_init(cpu_count);
	percpu_set_local_thread_pointer(0);
	print("# expect: cpu %zu (%s %lu): unexpected trap: %s\n", cpu_count - 1, board_hwid_name,
	      cpus[cpu_count - 1].hwid, arch_undefined_instruction_name);
	cpus_start(fault);
	fault(0);
	tap_ok(false, "an undefined instruction on CPU %zu ends the machine", cpu_count - 1);
}

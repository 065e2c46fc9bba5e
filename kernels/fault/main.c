/* SPDX-License-Identifier: 0BSD */
/*
 * fault: the trap path. The last CPU executes an instruction that does not exist; what must follow
 * is one line that names the trap, the pc and the CPU, and the end of the machine as a failure.
 *
 * With overflow=BYTES, CPU number on= uses that many bytes of its stack instead, and comes back.
 * What must follow is a line that names the stack, whatever else comes of it.
 *
 * This kernel has failed if it comes to its own end.
 *
 * Options: overflow=BYTES, the stack to use; on=CPU, who uses it, 0 if not given.
 */
#include <kernels/common/kernel.h>
#include <percpu.h>

static uint64_t overflow, on;
static size_t came_back;

/* Overwrites the stack down to LOWEST, by frames that are small, as all are. */
__attribute__((noinline)) static size_t go_down(uintptr_t lowest)
{
	volatile unsigned char room[256];

	for (size_t i = 0; i < sizeof(room); i++)
		room[i] = 0xd5;
	return (uintptr_t)room > lowest ? go_down(lowest) + room[0] : room[0];
}

static void fault(size_t cpu)
{
	static size_t never;

	if (!overflow && cpu == cpu_count - 1)
		arch_undefined_instruction();
	if (overflow && cpu == on) {
		(void)go_down((uintptr_t)boot_stacks[cpu] + BOOT_STACK_SIZE - overflow);
		__atomic_store_n(&came_back, 1, __ATOMIC_RELEASE);
	}
	(void)wait_for(overflow ? &came_back : &never, 1,
		       board_microseconds() + 6 * WAIT_MICROSECONDS);
}

void kernel_main(void)
{
	tap_plan(1);
	if (percpu_init(cpu_count) || percpu_set_local_thread_pointer(0))
		tap_bail_out("cpu 0: there are no areas");
	(void)option("overflow", &overflow);
	(void)option("on", &on);
	if (!overflow)
		print("# expect: cpu %zu (%s %lu): unexpected trap: %s\n", cpu_count - 1,
		      board_hwid_name, cpus[cpu_count - 1].hwid, arch_undefined_instruction_name);
	cpus_start(fault);
	fault(0);
	if (overflow)
		tap_ok(true, "cpu %lu has used %lu bytes of its stack", on, overflow);
	else
		tap_ok(false, "an undefined instruction on CPU %zu ends the machine",
		       cpu_count - 1);
}

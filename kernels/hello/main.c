/* SPDX-License-Identifier: 0BSD */
/*
 * hello: the smallest use of the library. One variable, one area per CPU, the boot CPU bound to
 * area 0; it reads 0, writes 1 and reads 1. It fails if an initial value is lost, if a write does
 * not reach this CPU's copy, or if it reaches another's.
 */
#include <kernels/common/kernel.h>
#include <percpu.h>

PERCPU_DEFINE(size_t, CPU_ID) = 0;

void kernel_main(void)
{
	tap_plan(4);
	tap_ok(percpu_init(cpu_count) == 0, "S3 percpu_init makes an area for each of %zu CPUs",
	       cpu_count);
	tap_ok(percpu_set_local_thread_pointer(0) == 0, "S4 the boot CPU is bound to area 0");
	tap_ok(percpu_read(CPU_ID) == 0, "S5 CPU_ID reads %zu", percpu_read(CPU_ID));
	percpu_write(CPU_ID, 1);
	tap_ok(percpu_read(CPU_ID) == 1, "S6 CPU_ID reads %zu after it was written",
	       percpu_read(CPU_ID));
}

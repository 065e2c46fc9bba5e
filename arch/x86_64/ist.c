/* SPDX-License-Identifier: 0BSD */
/*
 * What NMI, #DB, #MC and #DF do, behind ist.S. Whatever they interrupted, per-CPU variables are
 * this CPU's here.
 */
#include <kernels/common/kernel.h>
#include <percpu.h>

#include "user.h"
#include "x86.h"

ist_hook *ist_hook_set;

/* By the APIC's id and by the area: where they differ, somebody has put a wrong GS_BASE there. */
__attribute__((noreturn)) static void report(const struct trap_frame *frame, uint64_t vector,
					     uint64_t found)
{
	size_t cpu = arch_cpu_number();

	tap_bail_out("cpu %zu (%s %lu): unexpected trap: %s at pc %lx, stack pointer %lx, GS_BASE "
		     "%lx; its area is that of cpu %zu: look the pc up in the kernel's ELF file "
		     "with addr2line",
		     cpu, board_hwid_name, cpu < cpu_count ? cpus[cpu].hwid : 0, trap_name(vector),
		     frame->rip, frame->rsp, found, percpu_cpu_id());
}

/*
 * There is no return from a double fault: its frame may be anything. Nor is there, here, from what
 * comes inside the handler of an NMI: the IRET would let the next NMI in, onto the same stack. A
 * kernel that wants to return there does so without IRET.
 * User code that single-steps itself is reported as well: no debugger is here to want that.
 */
void ist_handle(struct trap_frame *frame, uint64_t vector, uint64_t found)
{
	if (!ist_hook_set || vector == VECTOR_DOUBLE_FAULT)
		report(frame, vector, found);
	if (tss_in_nmi_stack(arch_cpu_number(), frame->rsp))
		tap_bail_out("cpu %zu: %s in the handler of an NMI, at pc %lx: the return from it "
			     "would let the next NMI in, onto the same stack",
			     arch_cpu_number(), trap_name(vector), frame->rip);
	ist_hook_set(frame, vector, found);
}

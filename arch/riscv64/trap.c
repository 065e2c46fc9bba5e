/* SPDX-License-Identifier: 0BSD */
/*
 * What a trap's cause is called (RISC-V privileged specification, the table of mcause values; those
 * of scause are some of them).
 */
#include <arch/boot.h>

#include "frame.h"

#define UNDEFINED_INSTRUCTION "illegal instruction"
const char arch_undefined_instruction_name[] = UNDEFINED_INSTRUCTION;

/* Not pointers to texts: those would stay where they are when a kernel moves. */
static const char exceptions[][32] = {
	[0] = "instruction address misaligned",
	[1] = "instruction access fault",
	[2] = UNDEFINED_INSTRUCTION,
	[3] = "breakpoint",
	[4] = "load address misaligned",
	[5] = "load access fault",
	[6] = "store address misaligned",
	[7] = "store access fault",
	[8] = "environment call from U-mode",
	[9] = "environment call from S-mode",
	[11] = "environment call from M-mode",
	[12] = "instruction page fault",
	[13] = "load page fault",
	[15] = "store page fault",
};

const char *trap_name(uint64_t cause)
{
	if (cause >> 63)
		return "interrupt";
	if (cause < sizeof(exceptions) / sizeof(exceptions[0]) && exceptions[cause][0])
		return exceptions[cause];
	return "exception that this kernel has no name for";
}

__attribute__((noreturn)) void trap_unexpected(size_t cpu, uint64_t cause, uint64_t pc,
					       uint64_t address);
void trap_unexpected(size_t cpu, uint64_t cause, uint64_t pc, uint64_t address)
{
	trap_report(cpu, trap_name(cause), cause, pc, address);
}

/* SPDX-License-Identifier: 0BSD */
/* What a trap is called (Arm ARM DDI 0487, ESR_EL1, "EC, Exception Class"). */
#include <arch/boot.h>

#include "frame.h"

#define UNDEFINED_INSTRUCTION "undefined instruction or state"
const char arch_undefined_instruction_name[] = UNDEFINED_INSTRUCTION;

/* Not pointers to texts: those would stay where they are when a kernel moves. */
static const char classes[64][48] = {
	[0x00] = UNDEFINED_INSTRUCTION,
	[0x01] = "trapped WFI or WFE",
	[0x07] = "FP or SIMD register used, which is trapped",
	[0x0e] = "illegal execution state",
	[0x15] = "SVC",
	[0x16] = "HVC",
	[0x17] = "SMC",
	[0x18] = "trapped system register access",
	[0x20] = "instruction abort from a lower level",
	[0x21] = "instruction abort",
	[0x22] = "misaligned pc",
	[0x24] = "data abort from a lower level",
	[0x25] = "data abort",
	[0x26] = "misaligned sp",
	[0x2f] = "SError",
	[0x3c] = "BRK",
};

static const char kinds[4][32] = {"synchronous exception", "IRQ", "FIQ", "SError"};

const char *trap_name(uint64_t entry, uint64_t esr)
{
	const char *name = classes[esr >> 26 & 63];

	return entry % 4 == 0 && name[0] ? name : kinds[entry % 4];
}

__attribute__((noreturn)) void trap_unexpected(size_t cpu, uint64_t entry, uint64_t esr,
					       uint64_t elr, uint64_t far);
void trap_unexpected(size_t cpu, uint64_t entry, uint64_t esr, uint64_t elr, uint64_t far)
{
	trap_report(cpu, trap_name(entry, esr), esr, elr, far);
}

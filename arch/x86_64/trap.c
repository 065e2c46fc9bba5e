/* SPDX-License-Identifier: 0BSD */
/* The interrupt descriptor table, and what exceptions are called (Intel SDM volume 3, table 6-1).
 */
#include <arch/boot.h>
#include <kernels/common/kernel.h>

#include "frame.h"
#include "x86.h"

#define UNDEFINED_INSTRUCTION "#UD invalid opcode"
const char arch_undefined_instruction_name[] = UNDEFINED_INSTRUCTION;

/* Not pointers to texts: those would stay where they are when a kernel moves. */
static const char names[32][32] = {
	"#DE divide error",
	"#DB debug",
	"NMI",
	"#BP breakpoint",
	"#OF overflow",
	"#BR bound range exceeded",
	UNDEFINED_INSTRUCTION,
	"#NM device not available",
	"#DF double fault",
	"coprocessor segment overrun",
	"#TS invalid TSS",
	"#NP segment not present",
	"#SS stack fault",
	"#GP general protection",
	"#PF page fault",
	[16] = "#MF x87 error",
	[17] = "#AC alignment check",
	[18] = "#MC machine check",
	[19] = "#XM SIMD error",
	[20] = "#VE virtualization",
	[21] = "#CP control protection",
	/* AMD's (APM volume 2, "Vectors"). */
	[28] = "#HV hypervisor injection",
	[29] = "#VC VMM communication",
	[30] = "#SX security",
};

/* A gate of 64-bit mode (Intel SDM volume 3, "64-Bit Mode IDT"). */
struct gate {
	uint16_t offset_low;
	uint16_t selector;
	uint16_t type;
	uint16_t offset_middle;
	uint32_t offset_high;
	uint32_t reserved;
};
_Static_assert(sizeof(struct gate) == 16, "a gate of 64-bit mode has 16 bytes");

#define INTERRUPT_GATE 0x8e00 /* present, ring 0, interrupts off in the handler */
#define GATE_OF_USER 0x6000   /* ring 3 may come by INT */

/* A gate that nobody sets is not present. A page by itself, for user mode's page table. */
struct gate idt[IDT_SIZE / sizeof(struct gate)] __attribute__((aligned(IDT_SIZE)));

extern const char trap_stubs[]; /* trap.S: 32 stubs, 16 bytes each */

void trap_set_gate_on_stack(size_t vector, const char *function, uint16_t ist)
{
	uint64_t address = (uint64_t)function;

	idt[vector] = (struct gate){.offset_low = (uint16_t)address,
				    .offset_middle = (uint16_t)(address >> 16),
				    .offset_high = (uint32_t)(address >> 32),
				    .selector = GDT_CODE64,
				    .type = INTERRUPT_GATE | ist};
}

void trap_set_gate(size_t vector, const char *function)
{
	trap_set_gate_on_stack(vector, function, 0);
}

void trap_open_gate(size_t vector)
{
	idt[vector].type |= GATE_OF_USER;
}

void trap_set_gates_from(size_t first, const char *function)
{
	for (size_t vector = first; vector < sizeof(idt) / sizeof(idt[0]); vector++)
		trap_set_gate(vector, function);
}

void trap_init(void)
{
	for (size_t vector = 0; vector < 32; vector++)
		trap_set_gate(vector, trap_stubs + vector * 16);
}

const char *trap_name(size_t vector)
{
	return names[vector][0] ? names[vector] : "reserved vector";
}

__attribute__((noreturn)) void trap_unexpected(uint64_t vector, uint64_t code, uint64_t rip,
					       uint64_t address);
void trap_unexpected(uint64_t vector, uint64_t code, uint64_t rip, uint64_t address)
{
	size_t cpu = cpu_of(x86_apic_id());

	/* The local APIC knows which; 0 if it has not come by that, but by an 8259A or INT. */
	if (vector == VECTOR_UNEXPECTED)
		trap_report(cpu, "an interrupt that nobody has set up, of vector",
			    lapic_in_service(), rip, 0);
	trap_report(cpu, trap_name(vector), code, rip, vector == VECTOR_PAGE_FAULT ? address : 0);
}

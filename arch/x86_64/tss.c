/* SPDX-License-Identifier: 0BSD */
/*
 * What a CPU finds stacks by, and segments for user mode: a global descriptor table and a task
 * state segment for each CPU (Intel SDM volume 3, "Task Management in 64-bit Mode"). The kernel's
 * descriptors are those of gdt in boot.S, in the same places, so no segment register is loaded
 * anew: a selector loaded into %gs would take GS_BASE away.
 */
#include <kernels/common/kernel.h>
#include <percpu.h>

#include "frame.h"
#include "user.h"
#include "x86.h"

/*
 * At the end is what ist.S gives the CPU; two words keep the CPU's alignment of the stack. Shorter
 * than a boot stack: what runs on it is known.
 */
struct ist_stack {
	char stack[BOOT_STACK_SIZE - PAGE_SIZE - 16];
	uint64_t gs_base, cr3;
} __attribute__((aligned(16)));

struct tss {
	uint32_t reserved;
	uint64_t rsp[3];
	uint64_t reserved_too;
	uint64_t ist[7]; /* of IST number n + 1 */
	uint64_t reserved_again;
	uint16_t reserved_still, io_map;
} __attribute__((packed, aligned(8)));
_Static_assert(sizeof(struct tss) == 104, "a task state segment of 64-bit mode has 104 bytes");

enum { IST_NMI, IST_DEBUG, IST_MACHINE_CHECK, IST_DOUBLE_FAULT, IST_STACKS };

/* Whole pages, for tss_shared. */
static struct machine_state {
	uint64_t gdt[GDT_USER_SIZE / 8];
	struct tss tss;
	struct ist_stack stacks[IST_STACKS];
} __attribute__((aligned(PAGE_SIZE))) states[MAX_CPUS];

extern const uint64_t gdt[]; /* boot.S */
extern const char ist_nmi[], ist_debug[], ist_machine_check[], ist_double_fault[];

/* Descriptors (Intel SDM volume 3, "Segment Descriptors"): flat, ring 3. */
#define USER_DATA_DESCRIPTOR 0x00cff3000000ffff
#define USER_CODE_DESCRIPTOR 0x00affb000000ffff
#define AVAILABLE_TSS 0x0000890000000000

/* A descriptor has its base in pieces, and one of a TSS has 16 bytes. */
static void describe_tss(uint64_t *descriptor, const struct tss *tss)
{
	uint64_t base = (uint64_t)tss;

	descriptor[0] = AVAILABLE_TSS | (sizeof(*tss) - 1) | (base & 0xffffff) << 16 |
			(base >> 24 & 0xff) << 56;
	descriptor[1] = base >> 32;
}

static void make_gdt(struct machine_state *state)
{
	for (size_t i = 0; i < GDT_SIZE / 8; i++)
		state->gdt[i] = gdt[i];
	state->gdt[GDT_USER_DATA / 8] = USER_DATA_DESCRIPTOR;
	state->gdt[GDT_USER_CODE / 8] = USER_CODE_DESCRIPTOR;
	describe_tss(&state->gdt[GDT_TSS / 8], &state->tss);
}

/* "memory": the CPU reads the table whenever it loads a selector. */
static void load_gdt(const struct machine_state *state)
{
	struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((packed)) pointer = {sizeof(state->gdt) - 1, (uint64_t)state->gdt};

	__asm__ volatile("lgdt %0\n\tltr %w1" : : "m"(pointer), "r"(GDT_TSS) : "memory");
}

void tss_load(size_t cpu)
{
	struct machine_state *state = &states[cpu];

	/* No map of I/O ports: user code has none. */
	state->tss.io_map = sizeof(state->tss);
	for (size_t i = 0; i < IST_STACKS; i++) {
		state->stacks[i].gs_base = percpu_arch_get_register();
		state->stacks[i].cr3 = read_cr3();
		state->tss.ist[i] = (uint64_t)&state->stacks[i].gs_base;
	}
	make_gdt(state);
	load_gdt(state);
}

void tss_set_gates(void)
{
	static const struct {
		size_t vector;
		const char *function, *stack;
	} gates[IST_STACKS] = {
		[IST_NMI] = {VECTOR_NMI, ist_nmi, "stack for NMIs of cpu"},
		[IST_DEBUG] = {VECTOR_DEBUG, ist_debug, "stack for #DB of cpu"},
		[IST_MACHINE_CHECK] = {VECTOR_MACHINE_CHECK, ist_machine_check,
				       "stack for #MC of cpu"},
		[IST_DOUBLE_FAULT] = {VECTOR_DOUBLE_FAULT, ist_double_fault,
				      "stack for #DF of cpu"},
	};

	for (size_t i = 0; i < IST_STACKS; i++) {
		stacks_guard(gates[i].stack, &states[0].stacks[i], sizeof(states[0]), cpu_count);
		trap_set_gate_on_stack(gates[i].vector, gates[i].function, (uint16_t)(i + 1));
	}
}

void tss_set_kernel_stack(size_t cpu, uint64_t end)
{
	states[cpu].tss.rsp[0] = end;
}

bool tss_in_nmi_stack(size_t cpu, uint64_t address)
{
	return address - (uint64_t)&states[cpu].stacks[IST_NMI] < sizeof(struct ist_stack);
}

struct user_shared tss_shared(size_t cpus)
{
	return (struct user_shared){"GDT, TSS and IST stacks, of each CPU", (uintptr_t)states,
				    (uintptr_t)&states[cpus]};
}

/* SPDX-License-Identifier: 0BSD */
/*
 * User mode: its pages, and what a CPU needs to go there and come back (arch/user.h). The page of
 * programs is shared, and each CPU has one for data. Nothing else in the page tables is for ring 3.
 */
#include "user.h"

#include <kernels/common/kernel.h>
#include <percpu.h>

#include "x86.h"

/* For user.S: the user's stack pointer, for a moment, and where the kernel's stack begins. */
PERCPU_DEFINE(uintptr_t, user_stack);
PERCPU_DEFINE(uintptr_t, kernel_stack);
/* The last exception in user mode. */
PERCPU_DEFINE(uintptr_t, user_fault_vector);

extern const char syscall_entry[], user_timer[], user_breakpoint[], user_exceptions[];

/* The second entry of level 4, where the kernel has nothing. */
#define USER_ADDRESS (UINT64_C(1) << 39)

/* What FMASK clears, since C or an IRET would trip over it: AC NT DF; IF; and TF. */
#define RFLAGS_CLEARED 0x44700

#define RFLAGS_USER 0x202 /* interrupts on; bit 1 is always set */

#define CPUID_FSGSBASE 1u

/* The number of bits that an address has, four levels of page tables. */
#define ADDRESS_BITS 48

static union {
	struct user_block block;
	char page[PAGE_SIZE];
} pages[MAX_CPUS] __attribute__((aligned(PAGE_SIZE)));

extern uint64_t page_level4[]; /* boot.S */
static uint64_t user_level3[512] __attribute__((aligned(PAGE_SIZE)));
static uint64_t user_level2[512] __attribute__((aligned(PAGE_SIZE)));

/* As many tables of level 1, one behind the other, as pages for the programs and each CPU need. */
#define LEVEL1_TABLES ((1 + MAX_CPUS + 511) / 512)
static uint64_t user_level1[LEVEL1_TABLES * 512] __attribute__((aligned(PAGE_SIZE)));

static bool fsgsbase;

static uint64_t entry(const void *memory, uint64_t rights)
{
	return (uint64_t)memory | rights | PAGE_PRESENT | PAGE_USER;
}

static uint64_t user_page(size_t cpu)
{
	return USER_ADDRESS + PAGE_SIZE * (1 + cpu);
}

/*
 * tables=1 on the command line: user mode has a page table of its own; 2: with an entry that is
 * wrong. What was not present is in no TLB (SDM volume 3, "Optional Invalidation").
 */
static const char *map_pages(void)
{
	uint64_t tables = 0;

	(void)option("tables", &tables);
	user_level1[0] = entry(user_programs, 0);
	for (size_t cpu = 0; cpu < cpu_count; cpu++)
		user_level1[1 + cpu] = entry(&pages[cpu], PAGE_WRITABLE);
	for (size_t i = 0; i < LEVEL1_TABLES; i++)
		user_level2[i] = entry(&user_level1[i * 512], PAGE_WRITABLE);
	user_level3[0] = entry(user_level2, PAGE_WRITABLE);
	if (tables)
		return kpti_init(USER_ADDRESS >> 39, entry(user_level3, PAGE_WRITABLE),
				 tables == 2);
	page_level4[USER_ADDRESS >> 39] = entry(user_level3, PAGE_WRITABLE);
	return NULL;
}

static void set_gates(void)
{
	for (size_t vector = 0; vector < 32; vector++)
		trap_set_gate(vector, user_exceptions + vector * 16);
	trap_set_gate(VECTOR_BREAKPOINT, user_breakpoint);
	trap_open_gate(VECTOR_BREAKPOINT);
	trap_set_gate(VECTOR_TIMER, user_timer);
	tss_set_gates();
	if (arch_user_table())
		kpti_set_gates();
}

static bool cpu_has_fsgsbase(void)
{
	return cpuid(0).eax >= 7 && cpuid(7).ebx & CPUID_FSGSBASE;
}

/* fsgsbase=0 or 1 on the command line; as the CPU has it, otherwise. */
static const char *init_machine(void)
{
	uint64_t wanted = cpu_has_fsgsbase();
	const char *error;

	(void)option("fsgsbase", &wanted);
	if (wanted && !cpu_has_fsgsbase())
		return "the CPU has no WRGSBASE: run it without fsgsbase=1, or QEMU with -cpu max";
	fsgsbase = wanted;
	error = map_pages();
	if (error)
		return error;
	set_gates();
	print("# user code %s WRGSBASE\n", fsgsbase ? "has" : "does not have");
	return NULL;
}

static void init_cr4(void)
{
	uint64_t cr4 = read_cr4();

	write_cr4(fsgsbase ? cr4 | CR4_FSGSBASE : cr4 & ~(uint64_t)CR4_FSGSBASE);
}

const char *arch_user_init(size_t cpu)
{
	const char *error = cpu == 0 ? init_machine() : NULL;

	if (error)
		return error;
	tss_load(cpu);
	init_cr4();
	wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_SCE);
	/*
	 * SYSRET adds 8 for SS and 16 for CS. The ring is in here: AMD's CPUs put it into CS only
	 * (AMD64 Architecture Programmer's Manual volume 3, "SYSRET"), and the next interrupt's
	 * IRET would refuse SS with another ring than CS has.
	 */
	wrmsr(MSR_STAR,
	      (uint64_t)((GDT_USER_DATA - 8) | RING_USER) << 48 | (uint64_t)GDT_CODE64 << 32);
	wrmsr(MSR_LSTAR, (uint64_t)syscall_entry);
	wrmsr(MSR_FMASK, RFLAGS_CLEARED);
	if (arch_user_table())
		kpti_load(cpu);
	return NULL;
}

struct user_block *user_block(size_t cpu)
{
	return &pages[cpu].block;
}

bool user_has_wrgsbase(void)
{
	return fsgsbase;
}

/* The nearest that the register takes: bits above an address's highest are copies of it. */
static uint64_t canonical(uint64_t value)
{
	return (uint64_t)((int64_t)(value << (64 - ADDRESS_BITS)) >> (64 - ADDRESS_BITS));
}

struct trap_frame *arch_user_frame_create(void *stack_end, user_program program, uint64_t pattern,
					  uint64_t value)
{
	struct trap_frame *frame = (struct trap_frame *)stack_end - 1;
	size_t cpu = arch_cpu_number();

	pages[cpu].block = (struct user_block){.pattern = pattern,
					       .gs_base = canonical(value),
					       .stack = user_page(cpu) + PAGE_SIZE,
					       .flags = fsgsbase ? FLAG_WRGSBASE : 0};
	*frame = (struct trap_frame){.rip = USER_ADDRESS + (uint64_t)(program - user_programs),
				     .cs = GDT_USER_CODE | RING_USER,
				     .rflags = RFLAGS_USER,
				     .rsp = user_page(cpu) + PAGE_SIZE,
				     .ss = GDT_USER_DATA | RING_USER};
	wrmsr(MSR_FS_BASE, user_page(cpu));
	wrmsr(MSR_KERNEL_GS_BASE, canonical(value));
	percpu_write(kernel_stack, (uintptr_t)stack_end);
	if (!arch_user_table())
		tss_set_kernel_stack(cpu, (uint64_t)stack_end);
	return frame;
}

bool arch_frame_is_user(const struct trap_frame *frame)
{
	return frame->cs & RING_USER;
}

uint64_t arch_user_call(const struct trap_frame *frame)
{
	return frame->rax;
}

uint64_t arch_user_argument(const struct trap_frame *frame)
{
	return frame->rdi;
}

void arch_user_set_result(struct trap_frame *frame, uint64_t result)
{
	frame->rax = result;
}

/* In the kernel it is in the other of the two that SWAPGS exchanges. */
uintptr_t arch_user_register(const struct trap_frame *frame)
{
	(void)frame;
	return rdmsr(MSR_KERNEL_GS_BASE);
}

struct user_fault arch_user_fault(void)
{
	size_t vector = percpu_read(user_fault_vector);
	uintptr_t address;

	/* Volatile: it is for the last page fault, and another may have come since. */
	__asm__ volatile("mov %%cr2, %0" : "=r"(address));
	return (struct user_fault){.name = trap_name(vector),
				   .access = vector == VECTOR_PAGE_FAULT,
				   .address = vector == VECTOR_PAGE_FAULT ? address : 0};
}

size_t arch_cpu_number(void)
{
	return cpu_of(x86_apic_id());
}

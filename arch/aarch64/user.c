/* SPDX-License-Identifier: 0BSD */
/*
 * User mode: its pages and its frames. The kernel keeps the board's identity map, in a copy of
 * page_level1 that user code has no access to; in the last GiB of the 512 there are pages for it:
 * the programs of user.S, then a stack for each CPU.
 *
 * Fields: Arm ARM DDI 0487, "VMSAv8-64 translation table format descriptors".
 */
#include <arch/user.h>

#include <kernels/common/kernel.h>
#include <percpu.h>

#include "frame.h"
#include "mmu.h"

#define PAGE 4096
#define ENTRIES 512
#define USER_GIB 511
#define USER_BASE ((uint64_t)USER_GIB << 30)

#define PAGE_MEMORY (UINT64_C(3) | MMU_ATTRIBUTES(MMU_NORMAL) | MMU_INNER_SHAREABLE | MMU_ACCESSED)
#define EL0_ACCESS (1 << 6)
#define READ_ONLY (1 << 7)
#define EL1_NEVER_EXECUTES (UINT64_C(1) << 53)
#define EL0_NEVER_EXECUTES (UINT64_C(1) << 54)
#define USER_CODE (PAGE_MEMORY | EL0_ACCESS | READ_ONLY | EL1_NEVER_EXECUTES)
#define USER_STACK (PAGE_MEMORY | EL0_ACCESS | EL1_NEVER_EXECUTES | EL0_NEVER_EXECUTES)

/* EL0, IRQs on, the rest masked as at boot. */
#define USER_PSTATE 0x340

extern const uint64_t page_level1[ENTRIES];    /* the board's map.S */
extern const char user_page[], user_vectors[]; /* user.S */

typedef uint64_t page_table[ENTRIES] __attribute__((aligned(PAGE)));
static page_table level1, level2, level3;
static char user_stacks[MAX_CPUS][PAGE] __attribute__((aligned(PAGE)));

/* User code could not read the kernel's blocks, but execute them: that is a permission of its own.
 */
static const char *make_tables(void)
{
	if (cpu_count > ENTRIES - 1)
		return "there are user pages for 511 CPUs: let level2 have another table";
	for (size_t gib = 0; gib < USER_GIB; gib++)
		level1[gib] = page_level1[gib] ? page_level1[gib] | EL0_NEVER_EXECUTES : 0;
	level1[USER_GIB] = (uintptr_t)level2 | MMU_TABLE;
	level2[0] = (uintptr_t)level3 | MMU_TABLE;
	level3[0] = (uintptr_t)user_page | USER_CODE;
	for (size_t cpu = 0; cpu < cpu_count; cpu++)
		level3[1 + cpu] = (uintptr_t)user_stacks[cpu] | USER_STACK;
	return NULL;
}

/*
 * Only permissions change of what is in use, so the old table need not be taken away first. The
 * DSB has the stores come before every walk, the ISB the new table before the invalidation, which
 * ends what was kept of the old. "memory": no store sinks below. QEMU passes without all of them.
 */
static void use_tables(void)
{
	__asm__ volatile("dsb ish\n\tmsr ttbr0_el1, %0\n\tisb\n\t"
			 "tlbi vmalle1\n\tdsb nsh\n\tmsr vbar_el1, %1\n\tisb"
			 :
			 : "r"(level1), "r"(user_vectors)
			 : "memory");
}

const char *arch_user_init(size_t cpu)
{
	const char *error = cpu == 0 ? make_tables() : NULL;

	if (error)
		return error;
	use_tables();
	return NULL;
}

/* SP_EL1 is the end of the frame when user code starts: nothing has to note it. */
struct trap_frame *arch_user_frame_create(void *stack_end, user_program program, uint64_t pattern,
					  uint64_t value)
{
	struct trap_frame *frame = (struct trap_frame *)stack_end - 1;

	*frame = (struct trap_frame){
		.x[0] = pattern,
		.x[1] = value,
		.pc = USER_BASE + (uint64_t)(program - user_page),
		.pstate = USER_PSTATE,
		.user_sp = USER_BASE + (arch_cpu_number() + 2) * PAGE,
		.user_tpidr = value,
	};
	return frame;
}

bool arch_frame_is_user(const struct trap_frame *frame)
{
	return (frame->pstate & PSTATE_LEVEL) == 0;
}

uint64_t arch_user_call(const struct trap_frame *frame)
{
	return frame->x[8];
}

uint64_t arch_user_argument(const struct trap_frame *frame)
{
	return frame->x[0];
}

void arch_user_set_result(struct trap_frame *frame, uint64_t result)
{
	frame->x[0] = result;
}

uintptr_t arch_user_register(const struct trap_frame *frame)
{
	return frame->user_tpidr;
}

#define ENTRY_USER_SYNCHRONOUS 8
#define CLASS_INSTRUCTION_ABORT 0x20
#define CLASS_DATA_ABORT 0x24

struct user_fault arch_user_fault(void)
{
	uint64_t esr, address, class;
	bool access;

	__asm__ volatile("mrs %0, esr_el1\n\tmrs %1, far_el1" : "=r"(esr), "=r"(address));
	class = esr >> 26 & 63;
	access = class == CLASS_INSTRUCTION_ABORT || class == CLASS_DATA_ABORT;
	return (struct user_fault){trap_name(ENTRY_USER_SYNCHRONOUS, esr), access,
				   access ? address : 0};
}

#define MPIDR_AFFINITY UINT64_C(0xff00ffffff)

/* TPIDR_EL1 needs nothing of a table: there is none of its own here. */
const struct user_table *arch_user_table(void)
{
	return NULL;
}

size_t arch_cpu_number(void)
{
	uint64_t mpidr;

	__asm__("mrs %0, mpidr_el1" : "=r"(mpidr));
	return cpu_of(mpidr & MPIDR_AFFINITY);
}

/* SPDX-License-Identifier: 0BSD */
/*
 * User mode: its pages and its frames. Up to here satp is 0, and every address is physical. The
 * kernel goes on with the same addresses, by Sv39 pages of 1 GiB that user code has no access to;
 * in the last GiB of the lower half of the addresses there are pages for it: the programs of
 * user.S, then a stack for each hart. (RISC-V privileged specification, "Sv39".)
 */
#include <arch/user.h>

#include <kernels/common/kernel.h>
#include <percpu.h>

#include "frame.h"
#include "level.h"

#define PAGE 4096
#define ENTRIES 512
#define USER_GIB 255
#define USER_BASE ((uint64_t)USER_GIB << 30)

/* Accessed and dirty are set, for a hart may fault instead of setting them. */
#define PTE_TABLE 0x01
#define PTE_KERNEL 0xcf	    /* readable, writable, executable */
#define PTE_USER_CODE 0xdb  /* readable, executable */
#define PTE_USER_STACK 0xd7 /* readable, writable */

#define SATP_SV39 (UINT64_C(8) << 60)

/* Where a frame from user mode has what user code had in gp, or tp. */
#define PERCPU_X X(PERCPU__GLUE(NUMBER_OF_, PERCPU_RISCV_REG))

extern const char user_page[], user_vector[]; /* user.S */

typedef uint64_t page_table[ENTRIES] __attribute__((aligned(PAGE)));
static page_table root, level1, level0;
static char user_stacks[MAX_CPUS][PAGE] __attribute__((aligned(PAGE)));

/* The entry of an address: the number of its page starts at bit 10. */
static uint64_t entry(const void *address, uint64_t bits)
{
	return (uintptr_t)address / PAGE << 10 | bits;
}

static void make_tables(void)
{
	for (uint64_t gib = 0; gib < USER_GIB; gib++)
		root[gib] = gib << 28 | PTE_KERNEL;
	root[USER_GIB] = entry(level1, PTE_TABLE);
	level1[0] = entry(level0, PTE_TABLE);
	level0[0] = entry(user_page, PTE_USER_CODE);
	for (size_t cpu = 0; cpu < cpu_count; cpu++)
		level0[1 + cpu] = entry(user_stacks[cpu], PTE_USER_STACK);
}

_Static_assert(MAX_CPUS < ENTRIES, "one table has the stacks of all harts");

const char *arch_user_init(size_t cpu)
{
	uint64_t satp = SATP_SV39 | (uintptr_t)root / PAGE;
	uint64_t is;

	if (cpu == 0)
		make_tables();
	/*
	 * "memory": the tables are complete, and the fences keep a walk from coming before the
	 * stores, and from using what firmware may have left. Other harts start after hart 0 has
	 * written: see secondary_start.
	 */
	__asm__ volatile("sfence.vma\n\tcsrw satp, %1\n\tsfence.vma\n\tcsrr %0, satp"
			 : "=r"(is)
			 : "r"(satp)
			 : "memory");
	if (is != satp)
		return "this hart has no Sv39 paging, which keeps user code out of the kernel";
	this_hart()->register_value = percpu_arch_get_register();
	__asm__ volatile("csrw stvec, %0" : : "r"(user_vector) : "memory");
	return NULL;
}

struct trap_frame *arch_user_frame_create(void *stack_end, user_program program, uint64_t pattern,
					  uint64_t value)
{
	struct trap_frame *frame = (struct trap_frame *)stack_end - 1;
	uint64_t sstatus;

	__asm__ volatile("csrr %0, sstatus" : "=r"(sstatus));
	this_hart()->trap_stack = (uintptr_t)stack_end;
	*frame = (struct trap_frame){
		.pc = USER_BASE + (uint64_t)(program - user_page),
		.X(2) = USER_BASE + (this_hart()->number + 2) * PAGE,
		.X(10) = pattern,
		.X(11) = value,
		.PERCPU_X = value,
		.status = (sstatus & ~(uint64_t)STATUS_PP) | STATUS_PIE,
	};
	return frame;
}

bool arch_frame_is_user(const struct trap_frame *frame)
{
	return !(frame->status & STATUS_PP);
}

uint64_t arch_user_call(const struct trap_frame *frame)
{
	return frame->X(17);
}

uint64_t arch_user_argument(const struct trap_frame *frame)
{
	return frame->X(10);
}

void arch_user_set_result(struct trap_frame *frame, uint64_t result)
{
	frame->X(10) = result;
}

uintptr_t arch_user_register(const struct trap_frame *frame)
{
	return frame->PERCPU_X;
}

/* Access faults and page faults, of an instruction, a load, a store. */
#define CAUSES_OF_ACCESS (1u << 1 | 1u << 5 | 1u << 7 | 1u << 12 | 1u << 13 | 1u << 15)

struct user_fault arch_user_fault(void)
{
	uint64_t scause, stval;
	bool access;

	__asm__ volatile("csrr %0, scause\n\tcsrr %1, stval" : "=r"(scause), "=r"(stval));
	access = scause < 32 && CAUSES_OF_ACCESS >> scause & 1;
	return (struct user_fault){trap_name(scause), access, access ? stval : 0};
}

size_t arch_cpu_number(void)
{
	return this_hart()->number;
}

/* SPDX-License-Identifier: 0BSD */
/*
 * User mode: its pages and its frames. Up to here satp is 0, and every address is physical. The
 * kernel goes on with the same addresses, by pages of 1 GiB that user code has no access to; in the
 * last GiB of the lower half of Sv39's addresses there are pages for it: the programs of user.S,
 * then a stack for each hart. (RISC-V privileged specification, "Sv39", "Sv48", "Sv57".)
 */
#include "user.h"

#include <kernels/common/kernel.h>
#include <percpu.h>

#include "level.h"

#define USER_GIB 255
#define USER_BASE ((uint64_t)USER_GIB << 30)

/* Where a frame from user mode has what user code had in gp, or tp. */
#define PERCPU_X X(PERCPU__GLUE(NUMBER_OF_, PERCPU_RISCV_REG))

extern const char user_page[], user_vector[]; /* user.S */
extern const char user_return[];	      /* interrupts.S */

/* The last two are for the programs and the harts' stacks. */
static struct roots root;
static page_table level1, level0[2];
static char user_stacks[MAX_CPUS][PAGE] __attribute__((aligned(PAGE)));

static uint64_t tables;

static void make_tables(void)
{
	for (uint64_t gib = 0; gib < USER_GIB; gib++)
		root.sv39[gib] = gib << 28 | PTE_KERNEL;
	for (size_t i = 0; i < 2; i++)
		level1[i] = page_entry(level0[i], PTE_TABLE);
	level0[0][0] = page_entry(user_page, PTE_USER_CODE);
	for (size_t page = 1; page <= cpu_count; page++)
		level0[page / ENTRIES][page % ENTRIES] =
			page_entry(user_stacks[page - 1], PTE_USER_STACK);
}

_Static_assert(MAX_CPUS < 2 * ENTRIES, "two tables have the stacks of all harts");

/* satp's MODE: 8 is Sv39, 9 Sv48, 10 Sv57. */
enum { SV39 = 8, SV57 = 10 };
static uint64_t mode = SV57;

uint64_t satp_of(struct roots *roots)
{
	uint64_t *all[] = {roots->sv39, roots->sv48, roots->sv57};

	roots->sv48[0] = page_entry(roots->sv39, PTE_TABLE);
	roots->sv57[0] = page_entry(roots->sv48, PTE_TABLE);
	return mode << 60 | (uintptr_t)all[mode - SV39] / PAGE;
}

/*
 * "memory": the tables are complete, and the fences keep a walk from coming before the stores, and
 * from using what firmware may have left. Other harts start after hart 0 has written: see
 * secondary_start. A write with a mode that the hart lacks changes nothing.
 */
static bool paging_on(void)
{
	uint64_t satp = satp_of(&root);
	uint64_t is;

	__asm__ volatile("sfence.vma\n\tcsrw satp, %1\n\tsfence.vma\n\tcsrr %0, satp"
			 : "=r"(is)
			 : "r"(satp)
			 : "memory");
	return is == satp;
}

/* The first hart takes the widest mode that it has, and the others the same. */
static bool choose_paging(void)
{
	bool on = paging_on();

	while (!on && mode > SV39) {
		mode--;
		on = paging_on();
	}
	return on;
}

/* tables=1 on the command line: user mode has a table of its own; 2: with an entry that is wrong.
 */
static const char *init_machine(void)
{
	uint64_t entry = page_entry(level1, PTE_TABLE);

	(void)option("tables", &tables);
	make_tables();
	if (tables)
		return trampoline_init(USER_GIB, entry, tables == 2);
	root.sv39[USER_GIB] = entry;
	return NULL;
}

const char *arch_user_init(size_t cpu)
{
	const char *error = cpu == 0 ? init_machine() : NULL;

	if (error)
		return error;
	if (!(cpu == 0 ? choose_paging() : paging_on()))
		return "this hart lacks the paging, Sv39 or that of the first hart, which keeps "
		       "user code out of the kernel";
	if (cpu == 0)
		print("# paging: Sv%lu\n", 39 + 9 * (mode - SV39));
	this_hart()->register_value = percpu_arch_get_register();
	this_hart()->to_user = (uintptr_t)user_return;
	__asm__ volatile("csrw stvec, %0" : : "r"(user_vector) : "memory");
	if (tables)
		trampoline_load();
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

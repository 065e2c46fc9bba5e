/* SPDX-License-Identifier: 0BSD */
/*
 * The page table that only user mode has, beside kpti.S: the user's pages, and of the kernel's what
 * the CPU itself looks up or pushes to, the code of entry and return, and a page for each CPU. That
 * page, with the code of SYSCALL in front of it, is at an address of its own in both tables:
 *
 *	ENTRY_ADDRESS:	code, page of CPU 0, code, page of CPU 1, ...
 *
 * All else is at the addresses that it has for the kernel.
 */
#include <kernels/common/kernel.h>
#include <percpu.h>

#include "user.h"
#include "x86.h"

/* For kpti.S: where this CPU's page is, its end, and kpti_sysret in front of it. */
PERCPU_DEFINE(uintptr_t, kpti_entry_page);
PERCPU_DEFINE(uintptr_t, kpti_stack);
PERCPU_DEFINE(uintptr_t, kpti_way_out);
/* CR3 where the last trap that was not SYSCALL has come from. */
PERCPU_DEFINE(uintptr_t, kpti_found);

extern const char kpti_page[], ist_page[], kpti_syscall_page[], kpti_syscall[], kpti_sysret[],
	kpti_exceptions[], kpti_timer[], kpti_timer_too_early[], kpti_breakpoint[],
	kpti_unexpected[], kpti_spurious[];

extern const char idt[]; /* trap.c */

/* The third entry of level 4, where neither the kernel nor user code has anything. */
#define ENTRY_ADDRESS (UINT64_C(2) << 39)

#define ENTRIES 512
#define LARGE_PAGE 0x80u
#define ADDRESS UINT64_C(0x000ffffffffff000)

typedef uint64_t page_table[ENTRIES] __attribute__((aligned(PAGE_SIZE)));
extern page_table page_level4; /* boot.S */
page_table kpti_level4;

/* Of the lower levels: what is mapped lies near together, eleven pages for each CPU. */
#define TABLES (16 + 11 * MAX_CPUS / ENTRIES)
static page_table tables[TABLES];
static size_t tables_used;

/* A stack as short as its use: one frame of the CPU's, and what kpti.S pushes behind it. */
static union {
	uint64_t user_rsp;
	char stack[PAGE_SIZE];
} entry_pages[MAX_CPUS] __attribute__((aligned(PAGE_SIZE)));

static struct user_shared shared[6];

static const char *timer_entry;

static uint64_t *table_behind(uint64_t *entry)
{
	if (!*entry && tables_used < TABLES)
		*entry = (uint64_t)tables[tables_used++] | PAGE_PRESENT | PAGE_WRITABLE;
	return *entry ? (uint64_t *)(*entry & ADDRESS) : NULL; /* NOLINT: as the CPU has it */
}

/* False: there are not enough tables. */
static bool map(uint64_t address, uint64_t memory, uint64_t rights)
{
	uint64_t *table = kpti_level4;

	for (unsigned int shift = 39; table && shift > 12; shift -= 9)
		table = table_behind(&table[address >> shift & (ENTRIES - 1)]);
	if (table)
		table[address / PAGE_SIZE % ENTRIES] = memory | rights | PAGE_PRESENT;
	return table;
}

/* The page of CPU is behind the code. */
uint64_t kpti_syscall_address(size_t cpu)
{
	return ENTRY_ADDRESS + 2 * cpu * PAGE_SIZE;
}

static bool map_shared(size_t i, struct user_shared memory, uint64_t rights)
{
	bool mapped = true;

	shared[i] = memory;
	for (uint64_t at = memory.start; at < memory.end; at += PAGE_SIZE)
		mapped = map(at, at, rights) && mapped;
	return mapped;
}

static struct user_shared page_of(const char *what, const char *page)
{
	return (struct user_shared){what, (uintptr_t)page, (uintptr_t)page + PAGE_SIZE};
}

static bool map_entries(void)
{
	bool mapped = true;

	for (size_t cpu = 0; cpu < cpu_count; cpu++) {
		uint64_t code = kpti_syscall_address(cpu);

		mapped = map(code, (uint64_t)kpti_syscall_page, 0) && mapped;
		mapped =
			map(code + PAGE_SIZE, (uint64_t)&entry_pages[cpu], PAGE_WRITABLE) && mapped;
	}
	shared[4] = (struct user_shared){"SYSCALL's code, and the entry's page, for each CPU",
					 ENTRY_ADDRESS, ENTRY_ADDRESS + 2 * cpu_count * PAGE_SIZE};
	page_level4[ENTRY_ADDRESS >> 39] = kpti_level4[ENTRY_ADDRESS >> 39];
	return mapped;
}

const char *kpti_init(size_t level4, uint64_t entry, bool early)
{
	bool mapped = map_shared(0, page_of("kpti.S", kpti_page), 0);

	mapped = map_shared(1, page_of("ist.S", ist_page), 0) && mapped;
	mapped = map_shared(2, page_of("the IDT", idt), 0) && mapped;
	mapped = map_shared(3, tss_shared(cpu_count), PAGE_WRITABLE) && mapped;
	mapped = map_entries() && mapped;
	kpti_level4[level4] = entry;
	timer_entry = early ? kpti_timer_too_early : kpti_timer;
	return mapped ? NULL : "user mode's page table is too small: raise TABLES in kpti.c";
}

void kpti_set_gates(void)
{
	for (size_t vector = 0; vector < 32; vector++)
		trap_set_gate(vector, kpti_exceptions + vector * 16);
	trap_set_gates_from(32, kpti_unexpected);
	trap_set_gate(VECTOR_SPURIOUS, kpti_spurious);
	trap_set_gate(VECTOR_BREAKPOINT, kpti_breakpoint);
	trap_open_gate(VECTOR_BREAKPOINT);
	trap_set_gate(VECTOR_TIMER, timer_entry);
	tss_set_gates();
}

void kpti_load(size_t cpu)
{
	uint64_t code = kpti_syscall_address(cpu);

	percpu_write(kpti_entry_page, code + PAGE_SIZE);
	percpu_write(kpti_stack, code + 2 * PAGE_SIZE);
	percpu_write(kpti_way_out, code + (uint64_t)(kpti_sysret - kpti_syscall_page));
	wrmsr(MSR_LSTAR, code + (uint64_t)(kpti_syscall - kpti_syscall_page));
	tss_set_kernel_stack(cpu, code + 2 * PAGE_SIZE);
}

typedef void page_function(uintptr_t address, bool user);

static void each_page_of(const uint64_t *table, uint64_t address, unsigned int shift, bool user,
			 page_function *function)
{
	for (size_t i = 0; i < ENTRIES; i++) {
		uint64_t at = address + (i << shift);
		bool users = user && table[i] & PAGE_USER;

		if (!(table[i] & PAGE_PRESENT))
			continue;
		if (shift == 12 || table[i] & LARGE_PAGE)
			for (uint64_t page = at; page < at + (1UL << shift); page += PAGE_SIZE)
				function(page, users);
		else
			each_page_of((const uint64_t *)(table[i] & ADDRESS), /* NOLINT: as above */
				     at, shift - 9, users, function);
	}
}

static void each_page(page_function *function)
{
	each_page_of(kpti_level4, 0, 39, true, function);
}

static bool was_on(void)
{
	return percpu_read(kpti_found) == (uintptr_t)kpti_level4;
}

const struct user_table *arch_user_table(void)
{
	static const struct user_table table = {shared, each_page, was_on};

	return timer_entry ? &table : NULL;
}

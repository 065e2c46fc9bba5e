/* SPDX-License-Identifier: 0BSD */
/*
 * The page table that only user mode has, beside trampoline.S: the user's pages, and of the
 * kernel's the trampoline and each hart's struct, at the addresses that they have for the kernel.
 */
#include "user.h"

#include <kernels/common/kernel.h>

extern const char trampoline[], trampoline_vector[], trampoline_too_early[], trampoline_return[];

static struct roots root;

/* Of the lower levels: what is mapped lies near together. */
#define TABLES 8
static page_table tables[TABLES];
static size_t tables_used;

/* Nothing else lies in these pages. */
static union {
	struct hart hart;
	char page[PAGE];
} harts[MAX_CPUS] __attribute__((aligned(PAGE)));

static struct user_shared shared[] = {
	{"the trampoline", (uintptr_t)trampoline, (uintptr_t)trampoline + PAGE},
	{"what sscratch points to, of each hart", (uintptr_t)harts, 0},
	{NULL, 0, 0},
};

static const char *vector;

static uint64_t *table_behind(uint64_t *entry)
{
	if (!*entry && tables_used < TABLES)
		*entry = page_entry(tables[tables_used++], PTE_TABLE);
	return *entry ? (uint64_t *)(*entry >> 10 << 12) : NULL; /* NOLINT: as the hart has it */
}

/* False: there are not enough tables. */
static bool map(uintptr_t address, uint64_t bits)
{
	uint64_t *table = root.sv39;

	for (unsigned int shift = 30; table && shift > 12; shift -= 9)
		table = table_behind(&table[address >> shift & (ENTRIES - 1)]);
	if (table)
		table[address / PAGE % ENTRIES] = address / PAGE << 10 | bits;
	return table;
}

const char *trampoline_init(size_t gib, uint64_t entry, bool early)
{
	bool mapped = map((uintptr_t)trampoline, PTE_KERNEL_CODE);

	for (size_t cpu = 0; cpu < cpu_count; cpu++)
		mapped = map((uintptr_t)&harts[cpu], PTE_KERNEL_DATA) && mapped;
	shared[1].end = (uintptr_t)&harts[cpu_count];
	root.sv39[gib] = entry;
	vector = early ? trampoline_too_early : trampoline_vector;
	return mapped ? NULL : "user mode's page table is too small: raise TABLES in trampoline.c";
}

/* The struct moves to where it is mapped twice. Interrupts are off. */
void trampoline_load(void)
{
	struct hart *hart = &harts[this_hart()->number].hart;

	*hart = *this_hart();
	hart->to_user = (uintptr_t)trampoline_return;
	hart->user_satp = satp_of(&root);
	__asm__ volatile("csrr %0, satp" : "=r"(hart->kernel_satp));
	/* "memory": the struct is whole before a trap looks at it. */
	__asm__ volatile("csrw sscratch, %0\n\tcsrw stvec, %1"
			 :
			 : "r"(hart), "r"(vector)
			 : "memory");
}

typedef void page_function(uintptr_t address, bool user);

static void each_page_of(const uint64_t *table, uintptr_t address, unsigned int shift,
			 page_function *function)
{
	for (size_t i = 0; i < ENTRIES; i++) {
		uintptr_t at = address + (i << shift);

		if (!(table[i] & PTE_VALID))
			continue;
		if (table[i] & PTE_LEAF)
			for (uintptr_t page = at; page < at + (1UL << shift); page += PAGE)
				function(page, table[i] & PTE_USER);
		else
			each_page_of(
				(const uint64_t *)(table[i] >> 10 << 12), /* NOLINT: as above */
				at, shift - 9, function);
	}
}

static void each_page(page_function *function)
{
	each_page_of(root.sv39, 0, 30, function);
}

static bool was_on(void)
{
	return this_hart()->found_satp == satp_of(&root);
}

const struct user_table *arch_user_table(void)
{
	static const struct user_table table = {shared, each_page, was_on};

	return vector ? &table : NULL;
}

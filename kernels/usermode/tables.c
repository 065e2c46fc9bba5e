/* SPDX-License-Identifier: 0BSD */
/*
 * With tables=1, user mode has a page table of its own (arch/user.h). What is in it, by a walk of
 * the table; and that user mode does run with it, by what the CPU had on when a trap came.
 */
#include "usermode.h"

#include <percpu.h>

static const struct user_table *table;

/* Pages in the table: user code's, of the kernel for entry and return, and what must not be there.
 */
static size_t users, shared, areas, others;
static uintptr_t other; /* one of these */

static bool in_areas(uintptr_t page)
{
	for (size_t cpu = 0; cpu < cpu_count; cpu++)
		if (page + PAGE_SIZE > (uintptr_t)percpu_area_base(cpu) &&
		    page < (uintptr_t)percpu_area_base(cpu) + percpu_area_size())
			return true;
	return false;
}

static bool in_shared(uintptr_t page)
{
	for (const struct user_shared *s = table->shared; s->what; s++)
		if (page >= s->start && page < s->end)
			return true;
	return false;
}

static void count_page(uintptr_t page, bool user)
{
	areas += in_areas(page);
	if (user) {
		users++;
	} else if (in_shared(page)) {
		shared++;
	} else {
		others++;
		other = page;
	}
}

/* Each page once: none of the kernel's is for nothing. */
static size_t pages_named(void)
{
	size_t pages = 0;

	for (const struct user_shared *s = table->shared; s->what; s++) {
		print("# user mode's page table has, of the kernel, %lx to %lx: %s\n", s->start,
		      s->end, s->what);
		pages += (s->end - s->start) / PAGE_SIZE;
	}
	return pages;
}

bool tables_are_two(void)
{
	return table;
}

void tables_init(void)
{
	uint64_t wanted = 0;

	(void)option("tables", &wanted);
	table = arch_user_table();
	if (wanted && !table)
		tap_bail_out("tables=%lu: user mode has no page table of its own on this "
			     "architecture: leave it out",
			     wanted);
}

void tables_count(size_t cpu, enum trap_kind kind)
{
	/* The entry of a system call has no register free to look. */
	if (table && kind != TRAP_SYSTEM_CALL) {
		seen[cpu].looked++;
		seen[cpu].isolated += table->was_on();
	}
}

void tables_report(void)
{
	size_t named = pages_named();

	table->each_page(count_page);
	tap_ok(users == 1 + cpu_count && !areas && !others && shared == named,
	       "user mode's page table has %zu pages of user code's, %zu of the %zu that entry and "
	       "return need, %zu of the areas, %zu others (page %lx)",
	       users, shared, named, areas, others, other);
	for (size_t cpu = 0; cpu < cpu_count; cpu++)
		tap_ok(seen[cpu].isolated && seen[cpu].isolated == seen[cpu].looked,
		       "cpu %zu: %lu of %lu interrupts and faults have found user mode's page "
		       "table",
		       cpu, seen[cpu].isolated, seen[cpu].looked);
}

/* SPDX-License-Identifier: 0BSD */
/* Code that was just written. */
#include <arch/relocate.h>

/*
 * Volatile and "memory" in all: the stores are before them. Arm ARM DDI 0487, "Concurrent
 * modification and execution of instructions" and "Caches": the data cache's lines to the point of
 * unification, then the instruction caches of all CPUs of the inner shareable domain, and then
 * each CPU drops what it has fetched ahead, by an ISB of its own.
 *
 * CTR_EL0 tells the length of this CPU's lines only, and those of another may be shorter: they are
 * taken as short as CCSIDR_EL1 can tell of any, four words.
 */
#define LINE ((uintptr_t)16)
#define EACH_LINE(operation, first, last)                                                          \
	for (uintptr_t line = (uintptr_t)(first) & ~(LINE - 1); line < (uintptr_t)(last);          \
	     line += LINE)                                                                         \
	__asm__ volatile(operation ", %0" : : "r"(line) : "memory")

void arch_code_written(const void *first, const void *last)
{
	EACH_LINE("dc cvau", first, last);
	__asm__ volatile("dsb ish" : : : "memory");
	EACH_LINE("ic ivau", first, last);
	__asm__ volatile("dsb ish\n\tisb" : : : "memory");
}

void arch_code_fetch(void)
{
	__asm__ volatile("isb" : : : "memory");
}

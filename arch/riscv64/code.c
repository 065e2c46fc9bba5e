/* SPDX-License-Identifier: 0BSD */
/* Code that was just written. */
#include <arch/relocate.h>

/*
 * Volatile and "memory" in both: the stores are before them. "Zifencei" of the unprivileged
 * specification: FENCE.I is for this hart's fetches alone; for others the stores are made visible
 * first, by a FENCE, and each executes a FENCE.I of its own.
 */
void arch_code_written(const void *first, const void *last)
{
	(void)first;
	(void)last;
	__asm__ volatile("fence rw, rw\n\tfence.i" : : : "memory");
}

void arch_code_fetch(void)
{
	__asm__ volatile("fence.i" : : : "memory");
}

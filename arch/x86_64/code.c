/* SPDX-License-Identifier: 0BSD */
/* Code that was just written. */
#include <arch/relocate.h>

/*
 * Caches are coherent. What a CPU may have fetched ahead of a store to it is dropped by a
 * serializing instruction (Intel SDM volume 3A, "Handling Self- and Cross-Modifying Code"): CPUID.
 * "memory": the compiler leaves the stores before it, and the call behind.
 */
void arch_code_fetch(void)
{
	uint32_t a = 0, b, c = 0, d;

	__asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d) : : "memory");
}

void arch_code_written(const void *first, const void *last)
{
	(void)first;
	(void)last;
	arch_code_fetch();
}

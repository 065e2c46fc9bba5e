/* SPDX-License-Identifier: 0BSD */
/* A restartable sequence in C: see arch/sequences.h. */
#include <arch/sequences.h>
#include <percpu/sequence.h>

#define THIS_CPUS(name) "%%gs:" PERCPU_NEAR_SYMBOL(name) "(%%rip)"
#define FIRST THIS_CPUS(pair_first)
#define SECOND THIS_CPUS(pair_second)

/* Volatile, "memory": it reads and writes what the compiler cannot see. */
uint64_t pair_store(uint64_t first, uint64_t second, uint64_t value)
{
	uint32_t done;

	__asm__ volatile(PERCPU_SEQUENCE_BEGIN "cmpq " FIRST ", %[first]\n\t"
					       "movl $0, %[done]\n\t"
					       "jne " PERCPU_SEQUENCE_EXIT "\n\t"
					       "cmpq " SECOND ", %[second]\n\t"
					       "jne " PERCPU_SEQUENCE_EXIT "\n\t"
					       "movl $1, %[done]\n\t"
					       "movq %[value], " FIRST "\n\t" PERCPU_SEQUENCE_END
			 : [done] "=&r"(done)
			 : [first] "r"(first), [second] "r"(second), [value] "r"(value)
			 : "memory", "cc");
	return done;
}

/* SPDX-License-Identifier: 0BSD */
/* A restartable sequence in C: see arch/sequences.h. */
#include <arch/sequences.h>
#include <percpu/sequence.h>

#define THIS_CPUS(name) "%%lo(" PERCPU_NEAR_SYMBOL(name) ")(" PERCPU_REGISTER_TEXT ")\n\t"
#define FIRST THIS_CPUS(pair_first)
#define SECOND THIS_CPUS(pair_second)

/* Volatile, "memory": it reads and writes what the compiler cannot see. */
uint64_t pair_store(uint64_t first, uint64_t second, uint64_t value)
{
	uint64_t seen, done;

	__asm__ volatile(".option push\n\t.option norelax\n\t" PERCPU_SEQUENCE_BEGIN
			 "ld %[seen], " FIRST /* the first instruction: finds the area */
			 "li %[done], 0\n\t"
			 "bne %[seen], %[first], " PERCPU_SEQUENCE_EXIT "\n\t"
			 "ld %[seen], " SECOND "bne %[seen], %[second], " PERCPU_SEQUENCE_EXIT
			 "\n\t"
			 "li %[done], 1\n\t"
			 "sd %[value], " FIRST PERCPU_SEQUENCE_END ".option pop"
			 : [seen] "=&r"(seen), [done] "=&r"(done)
			 : [first] "r"(first), [second] "r"(second), [value] "r"(value)
			 : "memory");
	return done;
}

/* SPDX-License-Identifier: 0BSD */
/* A restartable sequence in C: see arch/sequences.h. */
#include <arch/sequences.h>
#include <percpu/sequence.h>

#define THIS_CPUS(name) "[%[base], :lo12:" PERCPU_NEAR_SYMBOL(name) "]\n\t"
#define FIRST THIS_CPUS(pair_first)
#define SECOND THIS_CPUS(pair_second)

/* Volatile, "memory": it reads and writes what the compiler cannot see. */
uint64_t pair_store(uint64_t first, uint64_t second, uint64_t value)
{
	uint64_t base, seen, done;

	__asm__ volatile(PERCPU_SEQUENCE_BEGIN "mrs %[base], " PERCPU_REGISTER_TEXT "\n\t"
					       "ldr %[seen], " FIRST "mov %[done], #0\n\t"
					       "cmp %[seen], %[first]\n\t"
					       "b.ne " PERCPU_SEQUENCE_EXIT "\n\t"
					       "ldr %[seen], " SECOND "cmp %[seen], %[second]\n\t"
					       "b.ne " PERCPU_SEQUENCE_EXIT "\n\t"
					       "mov %[done], #1\n\t"
					       "str %[value], " FIRST PERCPU_SEQUENCE_END
			 : [base] "=&r"(base), [seen] "=&r"(seen), [done] "=&r"(done)
			 : [first] "r"(first), [second] "r"(second), [value] "r"(value)
			 : "memory", "cc");
	return done;
}

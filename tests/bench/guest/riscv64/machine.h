/* SPDX-License-Identifier: MIT */
/* What counting needs of riscv64: the counter, and the registers of the peers in tests/bench/guest.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <stddef.h>
#include <stdint.h>

/* OpenSBI lets S-mode read the counters. */
static inline void counter_start(void)
{
}

static inline uint64_t instructions(void)
{
	uint64_t count;

	/* Volatile: each read is one of another time. */
	__asm__ volatile("csrr %0, instret" : "=r"(count));
	return count;
}

/* What the CPUs have in common: see entry.S. */
static inline uint64_t machine_clock(void)
{
	return instructions();
}

/* tp, which the kernels have no other use for. */
register uintptr_t bench_thread_pointer __asm__("tp");

static inline size_t this_cpu_number(void)
{
	return bench_thread_pointer;
}

static inline void peers_use_number(void)
{
	__asm__ volatile("mv tp, zero");
}

/* tp points to the thread's variables (RISC-V ELF psABI, "Thread-Local Storage"). */
static inline void peers_use_tls(void)
{
	static uintptr_t block[8];

	__asm__ volatile("mv tp, %0" : : "r"(block) : "memory");
}

#endif

/* SPDX-License-Identifier: MIT */
/* What counting needs of aarch64: the counter, and the registers of the peers in tests/bench/guest.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <stddef.h>
#include <stdint.h>

/*
 * The first event counter counts INST_RETIRED (Arm ARM DDI 0487, "The Performance Monitors
 * Extension"). The generic timer would tick every 16 instructions only.
 */
static inline void counter_start(void)
{
	uint64_t inst_retired = 0x08, first = 1, enable = 1;

	__asm__ volatile("msr pmevtyper0_el0, %0\n\tmsr pmcntenset_el0, %1\n\t"
			 "msr pmcr_el0, %2\n\tisb"
			 :
			 : "r"(inst_retired), "r"(first), "r"(enable));
}

static inline uint64_t instructions(void)
{
	uint64_t count;

	/* 32 bits: a count here is some ten thousand. Volatile: each read is one of another time.
	 */
	__asm__ volatile("mrs %0, pmevcntr0_el0" : "=r"(count));
	return count;
}

/* What the CPUs have in common: see entry.S. The ISB keeps it from being read early. */
static inline uint64_t machine_clock(void)
{
	uint64_t ticks;

	__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(ticks) : : "memory");
	return ticks;
}

/* TPIDR_EL0, which boot.S and the trap path keep the CPU's number in. */
static inline size_t this_cpu_number(void)
{
	size_t number;

	__asm__ volatile("mrs %0, tpidr_el0" : "=r"(number));
	return number;
}

static inline void peers_use_number(void)
{
	__asm__ volatile("msr tpidr_el0, xzr");
}

/* Two words before the thread's variables (ELF for the Arm 64-bit Architecture, TLS variant 1). */
static inline void peers_use_tls(void)
{
	static uintptr_t block[8] __attribute__((aligned(16)));

	__asm__ volatile("msr tpidr_el0, %0" : : "r"(block) : "memory");
}

#endif

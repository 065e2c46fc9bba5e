/* SPDX-License-Identifier: MIT */
/* What counting needs of x86_64: the counter, and the registers of the peers in tests/bench/guest.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <arch/x86_64/x86.h>
#include <percpu.h>

/* The time-stamp counter: QEMU's, under -icount shift=0, is the number of instructions. */
static inline void counter_start(void)
{
}

static inline uint64_t instructions(void)
{
	return rdtsc();
}

/* What the CPUs have in common: see entry.S. */
static inline uint64_t machine_clock(void)
{
	return rdtsc();
}

/* From %gs, one instruction. */
static inline size_t this_cpu_number(void)
{
	return percpu_raw_read(percpu_cpu_number);
}

static inline void peers_use_number(void)
{
}

/*
 * FS_BASE is the end of the thread's variables, where a pointer to itself lies (System V ABI,
 * x86-64 supplement, "Thread-Local Storage").
 */
static inline void peers_use_tls(void)
{
	static uintptr_t block[9];

	block[8] = (uintptr_t)&block[8];
	wrmsr(0xc0000100, (uintptr_t)&block[8]);
}

#endif

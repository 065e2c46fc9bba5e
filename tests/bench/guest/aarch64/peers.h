/* SPDX-License-Identifier: MIT */
/* Peers on aarch64 whose sequences are its own. */
#ifndef PEERS_OF_ARCH_H
#define PEERS_OF_ARCH_H

#include <tests/bench/peers.h>

/*
 * crate: the Rust crate percpu of ArceOS. Every access goes by a pointer: the area's address in
 * TPIDR_EL1, and the offset, a constant of 16 bits. The mrs may be merged with another, as there.
 */
PERCPU_DEFINE(uint64_t, crate_number); /* the linker script names it */

static inline uint64_t *crate_place(void)
{
	uintptr_t base, offset;

	__asm__ volatile("mrs %0, tpidr_el1" : "=r"(base));
	__asm__ volatile("movz %0, #:abs_g0_nc:bench_crate_offset" : "=r"(offset));
	return (uint64_t *)(base + offset);
}

#define BENCH_NAME(op) crate_##op
#define BENCH_POINTER() crate_place()
#define BENCH_ENTER NOTHING
#define BENCH_LEAVE NOTHING
#define BENCH_ENTER_READ NOTHING
#define BENCH_LEAVE_READ NOTHING
#include <tests/bench/plain.h>

/*
 * linux: a variable's link address and this CPU's offset, which TPIDR_EL1 holds, with preemption
 * off around each access. The count of that is in the thread, which SP_EL0 points to; above the
 * count a bit that is 0 when the thread is to be rescheduled, so that all 64 are 0 when both hold.
 */
static PERCPU_DEFINE(uint64_t, linux_number);
static struct thread {
	uint64_t flags;
	union {
		struct {
			uint32_t count;
			uint32_t keep_running;
		};
		uint64_t both;
	} preempt;
} thread = {.preempt = {.keep_running = 1}};

/* What TPIDR_EL1 would hold; ours holds the area's address. */
static inline uint64_t *linux_place(void)
{
	uintptr_t offset;

	__asm__ volatile("mrs %0, tpidr_el1" : "=r"(offset));
	return BENCH_AT(percpu__linux_number, offset);
}

static void prepare_linux(void)
{
	__asm__ volatile("msr sp_el0, %0" : : "r"(&thread) : "memory");
	percpu_arch_set_register((uintptr_t)percpu_ptr(linux_number) -
				 (uintptr_t)&percpu__linux_number);
}

__attribute__((noinline, cold)) static void reschedule(void)
{
	tap_bail_out("cpu 0: bench: nothing asked for another thread");
}

/* Like Linux's current: the thread does not change under its feet, so one read serves both. */
static inline struct thread volatile *this_thread(void)
{
	struct thread *pointer;

	__asm__("mrs %0, sp_el0" : "=r"(pointer));
	return pointer;
}

static inline void preempt_disable(void)
{
	this_thread()->preempt.count++;
	__asm__ volatile("" ::: "memory");
}

static inline void preempt_enable(void)
{
	struct thread volatile *current = this_thread();
	uint64_t both;

	__asm__ volatile("" ::: "memory");
	both = current->preempt.both - 1;
	current->preempt.count = (uint32_t)both;
	if (!both || !current->preempt.both)
		reschedule();
}

/* The atomics of atomic.h are LL/SC in this file, which is compiled for Armv8.0. */
#define BENCH_NAME(op) linux_pcp_##op
#define BENCH_POINTER() linux_place()
#define BENCH_ENTER preempt_disable
#define BENCH_LEAVE preempt_enable
#include <tests/bench/atomic.h>

/* linux-lse: the same on CPUs that have the atomic instructions of Armv8.1. */
static inline uint64_t lse_fetch_add(uint64_t *place, uint64_t value)
{
	uint64_t old;

	__asm__ volatile(".arch_extension lse\n\tldadd %2, %0, %1"
			 : "=r"(old), "+Q"(*place)
			 : "r"(value));
	return old;
}

static inline uint64_t lse_swap(uint64_t *place, uint64_t value)
{
	uint64_t old;

	__asm__ volatile(".arch_extension lse\n\tswp %2, %0, %1"
			 : "=r"(old), "+Q"(*place)
			 : "r"(value));
	return old;
}

static inline uint64_t lse_compare_and_swap(uint64_t *place, uint64_t expected, uint64_t value)
{
	__asm__ volatile(".arch_extension lse\n\tcas %0, %2, %1"
			 : "+r"(expected), "+Q"(*place)
			 : "r"(value));
	return expected;
}

BENCH_FUNCTION void linux_lse_add(uint64_t value)
{
	preempt_disable();
	(void)lse_fetch_add(linux_place(), value);
	preempt_enable();
}

BENCH_FUNCTION void linux_lse_inc(void)
{
	linux_lse_add(1);
}

BENCH_FUNCTION uint64_t linux_lse_add_return(uint64_t value)
{
	preempt_disable();
	value += lse_fetch_add(linux_place(), value);
	preempt_enable();
	return value;
}

BENCH_FUNCTION uint64_t linux_lse_xchg(uint64_t value)
{
	preempt_disable();
	value = lse_swap(linux_place(), value);
	preempt_enable();
	return value;
}

BENCH_FUNCTION uint64_t linux_lse_cmpxchg(uint64_t expected, uint64_t value)
{
	preempt_disable();
	expected = lse_compare_and_swap(linux_place(), expected, value);
	preempt_enable();
	return expected;
}

/* shared-lse: one variable for all CPUs, by those instructions. */
BENCH_FUNCTION void shared_lse_add(uint64_t value)
{
	(void)lse_fetch_add(&shared_number, value);
}

BENCH_FUNCTION void shared_lse_inc(void)
{
	(void)lse_fetch_add(&shared_number, 1);
}

BENCH_FUNCTION uint64_t shared_lse_add_return(uint64_t value)
{
	return lse_fetch_add(&shared_number, value) + value;
}

BENCH_FUNCTION uint64_t shared_lse_xchg(uint64_t value)
{
	return lse_swap(&shared_number, value);
}

BENCH_FUNCTION uint64_t shared_lse_cmpxchg(uint64_t expected, uint64_t value)
{
	return lse_compare_and_swap(&shared_number, expected, value);
}

/*
 * linux-2026: the rework of September 2026, in which nothing is turned off: each operation writes
 * into the thread which registers it uses, and a return from an exception corrects them. Only the
 * additions have been published as sequences.
 */
#define LINUX_2026_ADD                                                                             \
	"mrs %[thread], sp_el0\n\t"                                                                \
	"mov %w[new_], #1\n\t" /* stands for the numbers of the registers */                       \
	"strh %w[new_], [%[thread]]\n\t"                                                           \
	"mrs %[place], tpidr_el1\n\t"                                                              \
	"add %[place], %[place], %[variable]\n\t"                                                  \
	"1:\tldxr %[new_], [%[place]]\n\t"                                                         \
	"add %[new_], %[new_], %[value]\n\t"                                                       \
	"stxr %w[failed], %[new_], [%[place]]\n\t"                                                 \
	"cbnz %w[failed], 1b\n\t"                                                                  \
	"strh wzr, [%[thread]]"

static inline uint64_t linux_2026_add_to(uint64_t *variable, uint64_t value)
{
	uintptr_t place, current;
	uint64_t new_;
	uint32_t failed;

	/* "memory": the variable is this CPU's, not the one that is named. */
	__asm__ volatile(LINUX_2026_ADD
			 : [thread] "=&r"(current), [place] "=&r"(place), [new_] "=&r"(new_),
			   [failed] "=&r"(failed)
			 : [variable] "r"(variable), [value] "rI"(value)
			 : "memory");
	return new_;
}

BENCH_FUNCTION void linux_2026_add(uint64_t value)
{
	(void)linux_2026_add_to(&percpu__linux_number, value);
}

BENCH_FUNCTION void linux_2026_inc(void)
{
	(void)linux_2026_add_to(&percpu__linux_number, 1);
}

BENCH_FUNCTION uint64_t linux_2026_add_return(uint64_t value)
{
	return linux_2026_add_to(&percpu__linux_number, value);
}

#endif

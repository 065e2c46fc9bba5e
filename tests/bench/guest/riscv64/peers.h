/* SPDX-License-Identifier: MIT */
/* Peers on riscv64 whose sequences are its own. */
#ifndef PEERS_OF_ARCH_H
#define PEERS_OF_ARCH_H

#include <tests/bench/peers.h>

/*
 * crate: the Rust crate percpu of ArceOS. Reads and writes add gp to the offset's upper part; for
 * all else its user has a pointer, gp and the offset.
 */
PERCPU_DEFINE(uint64_t, crate_number); /* the linker script names it */

BENCH_FUNCTION uint64_t crate_read(void)
{
	uint64_t value;

	__asm__ volatile(".option push\n\t.option norelax\n\t"
			 "lui %0, %%hi(bench_crate_offset)\n\tadd %0, %0, gp\n\t"
			 "ld %0, %%lo(bench_crate_offset)(%0)\n\t.option pop"
			 : "=r"(value)
			 :
			 : "memory");
	return value;
}

BENCH_FUNCTION void crate_write(uint64_t value)
{
	uintptr_t place;

	__asm__ volatile(".option push\n\t.option norelax\n\t"
			 "lui %0, %%hi(bench_crate_offset)\n\tadd %0, %0, gp\n\t"
			 "sd %1, %%lo(bench_crate_offset)(%0)\n\t.option pop"
			 : "=&r"(place)
			 : "r"(value)
			 : "memory");
}

static inline uint64_t *crate_place(void)
{
	uintptr_t base, offset;

	__asm__ volatile("mv %0, gp" : "=r"(base));
	__asm__ volatile(".option push\n\t.option norelax\n\t"
			 "lui %0, %%hi(bench_crate_offset)\n\t"
			 "addi %0, %0, %%lo(bench_crate_offset)\n\t.option pop"
			 : "=r"(offset));
	return (uint64_t *)(base + offset);
}

#define BENCH_OWN_READ_AND_WRITE
#define BENCH_NAME(op) crate_##op
#define BENCH_POINTER() crate_place()
#define BENCH_ENTER NOTHING
#define BENCH_LEAVE NOTHING
#define BENCH_ENTER_READ NOTHING
#define BENCH_LEAVE_READ NOTHING
#include <tests/bench/plain.h>

/*
 * linux: its generic code. tp points to the thread, which has the CPU number and how deep
 * preemption is disabled; a table has each CPU's offset. Interrupts are off around an update,
 * preemption around a read; a pointer is for a caller that sees to it.
 */
static uint64_t linux_number;
static struct thread {
	uint64_t flags;
	int32_t preempt_count;
	uint32_t cpu;
} thread;

enum { NEED_RESCHEDULE = 1 << 3 };

static inline struct thread volatile *this_thread(void)
{
	return (struct thread volatile *)bench_thread_pointer;
}

static void prepare_linux(void)
{
	prepare_table();
	__asm__ volatile("mv tp, %0" : : "r"(&thread) : "memory");
}

__attribute__((noinline, cold)) static void reschedule(void)
{
	tap_bail_out("cpu 0: bench: nothing asked for another thread");
}

static inline void preempt_disable(void)
{
	this_thread()->preempt_count++;
	__asm__ volatile("" ::: "memory");
}

static inline void preempt_enable(void)
{
	int32_t count;

	__asm__ volatile("" ::: "memory");
	count = this_thread()->preempt_count - 1;
	this_thread()->preempt_count = count;
	if (count == 0 && this_thread()->flags & NEED_RESCHEDULE)
		reschedule();
}

#define BENCH_NAME(op) linux_pcp_##op
#define BENCH_POINTER() BENCH_AT(linux_number, bench_offsets[this_thread()->cpu])
#define BENCH_ENTER() uintptr_t flags = percpu_arch_irq_save()
#define BENCH_LEAVE() percpu_arch_irq_restore(flags)
#define BENCH_ENTER_READ preempt_disable
#define BENCH_LEAVE_READ preempt_enable
#include <tests/bench/plain.h>

#endif

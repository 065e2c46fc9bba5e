/* SPDX-License-Identifier: MIT */
/*
 * What others do for the same job, where it is the same C for every architecture. Written here,
 * from how the schemes are documented; docs/bench.md says what each of them guarantees.
 */
#ifndef PEERS_H
#define PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <percpu.h>

#include <machine.h>
#include <tests/bench/function.h>

/*
 * table: a variable's offset to this CPU's copy is looked up by CPU number, which a register holds.
 * Protected by nothing.
 */
static uint64_t table_number BENCH_ARRAY;
static uintptr_t bench_offsets[MAX_CPUS];

/* Fills the table; where from, the compiler must not know. */
static inline void prepare_table(void)
{
	uintptr_t offset = 0;

	__asm__ volatile("" : "+r"(offset));
	for (size_t cpu = 0; cpu < MAX_CPUS; cpu++)
		bench_offsets[cpu] = offset;
}

#define BENCH_NAME(op) table_##op
#define BENCH_POINTER() BENCH_AT(BENCH_ELEMENT(table_number), bench_offsets[this_cpu_number()])
#define BENCH_ENTER NOTHING
#define BENCH_LEAVE NOTHING
#define BENCH_ENTER_READ NOTHING
#define BENCH_LEAVE_READ NOTHING
#include <tests/bench/plain.h>

/* array: indexed by CPU number; each element owns its cache line. */
static struct {
	uint64_t number BENCH_ARRAY;
} __attribute__((aligned(PERCPU_CACHE_LINE))) padded[MAX_CPUS];

#define BENCH_NAME(op) array_##op
#define BENCH_POINTER() (&BENCH_ELEMENT(padded[this_cpu_number()].number))
#define BENCH_ENTER NOTHING
#define BENCH_LEAVE NOTHING
#define BENCH_ENTER_READ NOTHING
#define BENCH_LEAVE_READ NOTHING
#include <tests/bench/plain.h>

/* The same, but eight CPUs to a cache line. */
static uint64_t unpadded BENCH_ARRAY[MAX_CPUS];

#define BENCH_NAME(op) array_unpadded_##op
#define BENCH_POINTER() (&BENCH_ELEMENT(unpadded)[this_cpu_number()])
#define BENCH_ENTER NOTHING
#define BENCH_LEAVE NOTHING
#define BENCH_ENTER_READ NOTHING
#define BENCH_LEAVE_READ NOTHING
#include <tests/bench/plain.h>

/*
 * tls: the compiler's thread-local storage, whose register the kernel would set to the CPU instead
 * of to the thread. Not 0 at the start: GNU ld gives what follows an empty .tbss a load address of
 * its own.
 */
static __thread uint64_t tls_number BENCH_ARRAY __attribute__((tls_model("local-exec"))) = {1};

#define BENCH_NAME(op) tls_##op
#define BENCH_POINTER() (&BENCH_ELEMENT(tls_number))
#define BENCH_ENTER NOTHING
#define BENCH_LEAVE NOTHING
#define BENCH_ENTER_READ NOTHING
#define BENCH_LEAVE_READ NOTHING
#include <tests/bench/plain.h>

/* shared: one variable for all CPUs, updated atomically. */
static uint64_t shared_number BENCH_ARRAY;

#define BENCH_NAME(op) shared_##op
#define BENCH_POINTER() (&BENCH_ELEMENT(shared_number))
#define BENCH_ENTER NOTHING
#define BENCH_LEAVE NOTHING
#include <tests/bench/atomic.h>

/*
 * irqs-off: our variable and our pointer, by plain C with interrupts off, for a read too: or
 * the CPU could change between pointer and access.
 */
static PERCPU_DEFINE(uint64_t BENCH_ARRAY, guarded_number);

#define BENCH_NAME(op) irqs_off_##op
#define BENCH_POINTER() BENCH_ON(percpu_ptr, BENCH_ELEMENT(guarded_number))
#define BENCH_ENTER() uintptr_t flags = percpu_arch_irq_save()
#define BENCH_LEAVE() percpu_arch_irq_restore(flags)
#define BENCH_ENTER_READ BENCH_ENTER
#define BENCH_LEAVE_READ BENCH_LEAVE
#include <tests/bench/plain.h>

#endif

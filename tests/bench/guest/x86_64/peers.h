/* SPDX-License-Identifier: MIT */
/* Peers on x86_64 whose sequences are assembly. */
#ifndef PEERS_OF_ARCH_H
#define PEERS_OF_ARCH_H

#include <tests/bench/peers.h>

/*
 * crate: the Rust crate percpu of ArceOS. Reads and writes are one instruction with %gs; for all
 * else its user has a pointer, made of the area's address, which the area itself holds, and the
 * variable's offset.
 */
PERCPU_DEFINE(uint64_t BENCH_ARRAY, crate_number); /* the linker script names it */
static PERCPU_DEFINE(uintptr_t, crate_self);

/* Not merged and not moved past other asm; the pointer escapes by prepare_crate. */
BENCH_FUNCTION uint64_t *crate_place(BENCH_ONLY_INDEX)
{
	uint64_t *place;

	__asm__ volatile("movq %%gs:%1, %0\n\taddq %2, %0"
			 : "=r"(place)
			 : "m"(percpu__crate_self), "i"(&BENCH_ELEMENT(percpu__crate_number))
			 : "cc");
	return place;
}

/* Our areas do not start at 0: what stands for the area's address is its distance. */
static void prepare_crate(void)
{
	percpu_write(crate_self, percpu_read(percpu_delta));
}

BENCH_FUNCTION uint64_t crate_read(BENCH_ONLY_INDEX)
{
	uint64_t value;

	__asm__ volatile("movq %%gs:%1, %0"
			 : "=r"(value)
			 : "m"(BENCH_ELEMENT(percpu__crate_number)));
	return value;
}

BENCH_FUNCTION void crate_write(BENCH_INDEX uint64_t value)
{
	__asm__ volatile("movq %1, %%gs:%0"
			 : "=m"(BENCH_ELEMENT(percpu__crate_number))
			 : "r"(value));
}

#define BENCH_OWN_READ_AND_WRITE
#define BENCH_NAME(op) crate_##op
#define BENCH_POINTER() crate_place(BENCH_THIS_INDEX)
#define BENCH_ENTER() ((void)0)
#define BENCH_LEAVE() ((void)0)
#define BENCH_ENTER_READ() ((void)0)
#define BENCH_LEAVE_READ() ((void)0)
#include <tests/bench/plain.h>

/*
 * linux: one instruction with %gs, as ours are; an exchange is a loop around CMPXCHG, because XCHG
 * locks the bus by itself. Volatile: this_cpu operations are neither merged nor dropped.
 */
static PERCPU_DEFINE(uint64_t BENCH_ARRAY, linux_number);

BENCH_FUNCTION uint64_t linux_pcp_read(BENCH_ONLY_INDEX)
{
	uint64_t value;

	__asm__ volatile("movq %%gs:%1, %0"
			 : "=r"(value)
			 : "m"(BENCH_ELEMENT(percpu__linux_number)));
	return value;
}

BENCH_FUNCTION void linux_pcp_write(BENCH_INDEX uint64_t value)
{
	__asm__ volatile("movq %1, %%gs:%0"
			 : "=m"(BENCH_ELEMENT(percpu__linux_number))
			 : "re"(value));
}

BENCH_FUNCTION void linux_pcp_add(BENCH_INDEX uint64_t value)
{
	__asm__ volatile("addq %1, %%gs:%0"
			 : "+m"(BENCH_ELEMENT(percpu__linux_number))
			 : "re"(value)
			 : "cc");
}

BENCH_FUNCTION void linux_pcp_inc(BENCH_ONLY_INDEX)
{
	__asm__ volatile("incq %%gs:%0" : "+m"(BENCH_ELEMENT(percpu__linux_number)) : : "cc");
}

BENCH_FUNCTION uint64_t linux_pcp_add_return(BENCH_INDEX uint64_t value)
{
	uint64_t old = value;

	__asm__ volatile("xaddq %0, %%gs:%1"
			 : "+r"(old), "+m"(BENCH_ELEMENT(percpu__linux_number))
			 :
			 : "cc");
	return old + value;
}

/* Puts what is there into *EXPECTED; true if it was that already. */
BENCH_FUNCTION bool linux_pcp_try_cmpxchg(BENCH_INDEX uint64_t *expected, uint64_t value)
{
	bool same;

	__asm__ volatile("cmpxchgq %3, %%gs:%1"
			 : "=@ccz"(same), "+m"(BENCH_ELEMENT(percpu__linux_number)), "+a"(*expected)
			 : "r"(value));
	return same;
}

BENCH_FUNCTION uint64_t linux_pcp_xchg(BENCH_INDEX uint64_t value)
{
	uint64_t old = linux_pcp_read(BENCH_THIS_INDEX);

	while (!linux_pcp_try_cmpxchg(BENCH_THIS_INDEX_AND & old, value))
		;
	return old;
}

BENCH_FUNCTION uint64_t linux_pcp_cmpxchg(BENCH_INDEX uint64_t expected, uint64_t value)
{
	(void)linux_pcp_try_cmpxchg(BENCH_THIS_INDEX_AND & expected, value);
	return expected;
}

BENCH_FUNCTION uint64_t *linux_pcp_pointer(BENCH_ONLY_INDEX)
{
	uintptr_t place = (uintptr_t)&BENCH_ELEMENT(percpu__linux_number);

	__asm__ volatile("addq %%gs:%1, %0" : "+r"(place) : "m"(percpu__percpu_delta) : "cc");
	return (uint64_t *)place;
}

#endif

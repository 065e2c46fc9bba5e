/* SPDX-License-Identifier: MIT */
/* The data of the CPUs, and what is done with interrupts and locks. */
#include "kernel.h"

DEFINE_PER_CPU(struct thread *, running);
DEFINE_PER_CPU(unsigned, noff);
DEFINE_PER_CPU(unsigned long, work_done);
static DEFINE_PER_CPU(bool, intena); /* whether interrupts were on before the first */

struct cpu cpus[NCPU];
uintptr_t per_cpu_offset[NCPU];

static char copies[NCPU][128] __attribute__((aligned(64)));

_Static_assert(sizeof(struct cpu) == 1 << CPU_SHIFT, "entry.S knows it");

/* Volatile: there is no memcpy to call. */
void setup_per_cpu_area(size_t cpu)
{
	size_t size = (size_t)(__stop_per_cpu - __start_per_cpu);

	if (size > sizeof(copies[0]))
		panic("the copies of the per-CPU variables are too small");
	for (size_t i = 0; i < size; i++)
		((volatile char *)copies[cpu])[i] = __start_per_cpu[i];
	per_cpu_offset[cpu] = (uintptr_t)copies[cpu] - (uintptr_t)__start_per_cpu;
}

struct thread *current(void)
{
	struct thread *thread;

	push_off();
	thread = this_cpu_read(running);
	pop_off();
	return thread;
}

/* Interrupts off. They nest: the last pop_off puts back what was before the first push_off. */
void push_off(void)
{
	bool were_on = interrupts_are_on();

	interrupts_off();
	if (this_cpu_read(noff) == 0)
		this_cpu_write(intena, were_on);
	this_cpu_inc(noff);
}

void pop_off(void)
{
	if (interrupts_are_on() || this_cpu_read(noff) == 0)
		panic("pop_off without push_off");
	this_cpu_dec(noff);
	if (this_cpu_read(noff) == 0 && this_cpu_read(intena))
		interrupts_on();
}

void acquire(struct lock *lock)
{
	push_off();
	if (__atomic_load_n(&lock->cpu, __ATOMIC_RELAXED) == cpuid() + 1)
		panic("a CPU waits for a lock that it has");
	while (__atomic_exchange_n(&lock->taken, 1, __ATOMIC_ACQUIRE))
		;
	__atomic_store_n(&lock->cpu, cpuid() + 1, __ATOMIC_RELAXED);
}

void release(struct lock *lock)
{
	__atomic_store_n(&lock->cpu, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&lock->taken, 0, __ATOMIC_RELEASE);
	pop_off();
}

/* SPDX-License-Identifier: MIT */
/* The data of the CPUs, and what is done with interrupts and locks. */
#include "kernel.h"

struct cpu cpus[NCPU];

_Static_assert(sizeof(struct cpu) == 1 << CPU_SHIFT, "entry.S knows it");
_Static_assert(offsetof(struct cpu, trap_stack) == CPU_TRAP_STACK, "entry.S knows it");

struct cpu *mycpu(void)
{
	return &cpus[cpuid()];
}

struct thread *current(void)
{
	struct thread *thread;

	push_off();
	thread = mycpu()->thread;
	pop_off();
	return thread;
}

/* Interrupts off. They nest: the last pop_off puts back what was before the first push_off. */
void push_off(void)
{
	bool were_on = interrupts_are_on();

	interrupts_off();
	if (mycpu()->noff == 0)
		mycpu()->intena = were_on;
	mycpu()->noff++;
}

void pop_off(void)
{
	struct cpu *cpu = mycpu();

	if (interrupts_are_on() || cpu->noff == 0)
		panic("pop_off without push_off");
	cpu->noff--;
	if (cpu->noff == 0 && cpu->intena)
		interrupts_on();
}

void acquire(struct lock *lock)
{
	push_off();
	if (__atomic_load_n(&lock->cpu, __ATOMIC_RELAXED) == mycpu())
		panic("a CPU waits for a lock that it has");
	while (__atomic_exchange_n(&lock->taken, 1, __ATOMIC_ACQUIRE))
		;
	__atomic_store_n(&lock->cpu, mycpu(), __ATOMIC_RELAXED);
}

void release(struct lock *lock)
{
	__atomic_store_n(&lock->cpu, NULL, __ATOMIC_RELAXED);
	__atomic_store_n(&lock->taken, 0, __ATOMIC_RELEASE);
	pop_off();
}

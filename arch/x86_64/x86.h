/* SPDX-License-Identifier: 0BSD */
/* Instructions that C has no words for, and the local APIC. */
#ifndef X86_H
#define X86_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gdt.h"
#include "registers.h"

/* Ports, MSRs and CR4. Volatile: each access has an effect of its own and stays where it is. */

static inline void outb(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t inb(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline void outl(uint16_t port, uint32_t value)
{
	__asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint32_t inl(uint16_t port)
{
	uint32_t value;

	__asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline uint64_t rdmsr(uint32_t msr)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (uint64_t)high << 32 | low;
}

/* "memory": a write of the interrupt command register must not pass what the target will read. */
static inline void wrmsr(uint32_t msr, uint64_t value)
{
	__asm__ volatile("wrmsr"
			 :
			 : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
			 : "memory");
}

static inline uint64_t read_cr3(void)
{
	uint64_t value;

	__asm__ volatile("mov %%cr3, %0" : "=r"(value));
	return value;
}

static inline uint64_t read_cr4(void)
{
	uint64_t value;

	__asm__ volatile("mov %%cr4, %0" : "=r"(value));
	return value;
}

/* "memory": no access moves across a change of how the CPU works. */
static inline void write_cr4(uint64_t value)
{
	__asm__ volatile("mov %0, %%cr4" : : "r"(value) : "memory");
}

static inline uint64_t rdtsc(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

/* Subleaf 0. Not volatile: it says the same each time, on the CPU that this runs on. */
static inline struct cpuid cpuid(uint32_t leaf)
{
	struct cpuid said;

	__asm__("cpuid"
		: "=a"(said.eax), "=b"(said.ebx), "=c"(said.ecx), "=d"(said.edx)
		: "a"(leaf), "c"(0));
	return said;
}

/* The APIC id of the calling CPU, from CPUID. */
uint32_t x86_apic_id(void);

/* Has every CPU enter FUNCTION, which is assembly, for this vector (trap.c). */
void trap_set_gate(size_t vector, const char *function);

/* The same, on a stack that each CPU has for it: that of number IST, from 1 on, in its TSS. */
void trap_set_gate_on_stack(size_t vector, const char *function, uint16_t ist);

/* Every interrupt that has no other gate enters FUNCTION: vectors FIRST to 255. */
void trap_set_gates_from(size_t first, const char *function);

/* The 32 gates of exceptions, as before the first trap. */
void trap_init(void);

/* What the manual calls it. */
const char *trap_name(size_t vector);

/* Lets user code come through that gate by an instruction. */
void trap_open_gate(size_t vector);

/* ---- The local APIC (lapic.c) ---- */

/* Whether the CPU has x2APIC mode; and whether it is to be used, for an id or by x2apic=1. */
bool lapic_has_x2apic(void);
bool x86_wants_x2apic(void);

/*
 * Puts the boot CPU's local APIC into x2APIC mode, if X2APIC or if the firmware has done so; or
 * finds its registers at ADDRESS. Returns NULL, or a sentence that says why it cannot be used.
 */
const char *lapic_init(uint64_t address, bool x2apic);

/* The largest APIC id that an interrupt can be sent to in this mode. */
uint32_t lapic_max_id(void);

/* Sends an INIT, or a start-up IPI for the page at PAGE, to the CPU with this APIC id. */
void lapic_send_init(uint32_t apic_id);
void lapic_send_startup(uint32_t apic_id, uintptr_t page);

/* Sends an NMI, to the calling CPU too. */
void lapic_send_nmi(uint32_t apic_id);

/*
 * The calling CPU takes NMIs from outside at its pin LINT1, where PCs have them: the MADT's
 * structures of type 4 would say so.
 */
void lapic_take_nmi(void);

/*
 * Turns the calling CPU's on, in the boot CPU's mode, with these vectors; its timer is not set, and
 * all else in the local vector table is masked. Not what AMD's CPUs have behind it, from 0x500 on:
 * that sends what firmware has set up, for errors and the like. As lapic_init.
 */
const char *lapic_enable(uint8_t timer, uint8_t spurious);

/* The highest vector that a handler has not ended, and that waits for a handler; 0 if none. */
unsigned int lapic_in_service(void);
unsigned int lapic_requested(void);

/* The timer fires once, after COUNT of its ticks; 0 stops it. How many are left. */
void lapic_timer_set(uint32_t count);
uint32_t lapic_timer_left(void);

void lapic_end_of_interrupt(void);

/* ---- What a PC has beside it (legacy.c) ---- */

/*
 * Silences the 8259s and the I/O APICs, and takes what the firmware has left: the calling CPU, the
 * only one that runs, has handled and ended all. Returns NULL, or a sentence.
 */
const char *interrupts_silence(void);

#endif

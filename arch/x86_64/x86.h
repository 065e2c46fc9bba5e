/* SPDX-License-Identifier: 0BSD */
/* Instructions that C has no words for, and the local APIC. */
#ifndef X86_H
#define X86_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ports and MSRs. Volatile: each access has an effect of its own and stays where it is. */

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

static inline uint64_t rdtsc(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

/* The APIC id of the calling CPU, from CPUID. */
uint32_t x86_apic_id(void);

/* GDT_CODE64 and GDT_DATA in asm.h. */
#define CODE_SELECTOR 0x10
#define DATA_SELECTOR 0x18

/* Has every CPU enter FUNCTION, which is assembly, for this vector (trap.c). */
void trap_set_gate(size_t vector, const char *function);

/* ---- The local APIC (lapic.c) ---- */

/*
 * Finds the mode the firmware left the local APIC in. ADDRESS is where its registers are, if not in
 * x2APIC mode. Returns NULL, or a sentence that says why it cannot be used.
 */
const char *lapic_init(uint64_t address);

/* The largest APIC id that an interrupt can be sent to in this mode. */
uint32_t lapic_max_id(void);

/* Sends an INIT, or a start-up IPI for the page at PAGE, to the CPU with this APIC id. */
void lapic_send_init(uint32_t apic_id);
void lapic_send_startup(uint32_t apic_id, uintptr_t page);

/* Turns the calling CPU's on, with these vectors; its timer is not set. */
void lapic_enable(uint8_t timer, uint8_t spurious);

/* The timer fires once, after COUNT of its ticks; 0 stops it. How many are left. */
void lapic_timer_set(uint32_t count);
uint32_t lapic_timer_left(void);

void lapic_end_of_interrupt(void);

#endif

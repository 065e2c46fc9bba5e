/* SPDX-License-Identifier: 0BSD */
/*
 * The local APIC, as far as these kernels need it: the interrupt command register and the timer, in
 * xAPIC mode by memory, in x2APIC mode by MSR (Intel SDM volume 3, "Advanced Programmable Interrupt
 * Controller").
 */
#include "x86.h"

#define MSR_APIC_BASE 0x1b
#define APIC_BASE_ENABLED (1u << 11)
#define APIC_BASE_X2APIC (1u << 10)

#define XAPIC_ICR_LOW 0x300
#define XAPIC_ICR_HIGH 0x310
#define MSR_X2APIC_ICR 0x830

/* Registers by their offset in xAPIC mode; in x2APIC mode MSR 0x800 + offset / 16. */
#define LAPIC_EOI 0xb0
#define LAPIC_SPURIOUS 0xf0
#define LAPIC_LVT_TIMER 0x320
#define LAPIC_LVT_LINT1 0x360
#define LAPIC_TIMER_INITIAL 0x380
#define LAPIC_TIMER_CURRENT 0x390
#define LAPIC_TIMER_DIVIDE 0x3e0

#define LVT_NMI 0x400
#define SPURIOUS_APIC_ENABLED (1u << 8)
#define TIMER_DIVIDE_BY_1 0xb /* and the vector alone in LVT: one shot, not masked */

#define ICR_NMI 0x4400	   /* NMI, level assert */
#define ICR_INIT 0x4500	   /* INIT, level assert */
#define ICR_STARTUP 0x4600 /* start-up, level assert; the vector is the page's number */
#define ICR_PENDING (1u << 12)

/* NULL in x2APIC mode. The firmware's MTRRs make these registers uncached memory. */
static volatile uint32_t *xapic;

const char *lapic_init(uint64_t address)
{
	uint64_t base = rdmsr(MSR_APIC_BASE);

	if (!(base & APIC_BASE_ENABLED))
		return "the firmware left the local APIC disabled: no other CPU can be started";
	if (base & APIC_BASE_X2APIC)
		return NULL;
	if (!address || address >> 32)
		return "the local APIC's registers are not below 4 GiB, where this kernel maps "
		       "memory";
	xapic = (volatile uint32_t *)address; /* NOLINT: a number from the firmware */
	return NULL;
}

/* In xAPIC mode the destination has 8 bits, and 255 means all. */
uint32_t lapic_max_id(void)
{
	return xapic ? 254 : UINT32_MAX - 1;
}

static void send(uint32_t apic_id, uint32_t command)
{
	if (!xapic) {
		/* This WRMSR does not wait for earlier stores (SDM, "x2APIC register ordering"). */
		__asm__ volatile("mfence; lfence" ::: "memory");
		wrmsr(MSR_X2APIC_ICR, (uint64_t)apic_id << 32 | command);
		return;
	}
	xapic[XAPIC_ICR_HIGH / 4] = apic_id << 24;
	xapic[XAPIC_ICR_LOW / 4] = command;
	/* Until it is sent; never more than some microseconds, so a count is bound enough. */
	for (size_t i = 0; i < 1000000 && xapic[XAPIC_ICR_LOW / 4] & ICR_PENDING; i++)
		__builtin_ia32_pause();
}

void lapic_send_init(uint32_t apic_id)
{
	send(apic_id, ICR_INIT);
}

void lapic_send_nmi(uint32_t apic_id)
{
	send(apic_id, ICR_NMI);
}

void lapic_send_startup(uint32_t apic_id, uintptr_t page)
{
	send(apic_id, ICR_STARTUP | (uint32_t)(page >> 12));
}

static void write_register(uint32_t offset, uint32_t value)
{
	if (xapic)
		xapic[offset / 4] = value;
	else
		wrmsr(0x800 + offset / 16, value);
}

void lapic_enable(uint8_t timer, uint8_t spurious)
{
	write_register(LAPIC_SPURIOUS, SPURIOUS_APIC_ENABLED | spurious);
	write_register(LAPIC_TIMER_INITIAL, 0);
	write_register(LAPIC_TIMER_DIVIDE, TIMER_DIVIDE_BY_1);
	write_register(LAPIC_LVT_TIMER, timer);
}

void lapic_take_nmi(void)
{
	write_register(LAPIC_LVT_LINT1, LVT_NMI);
}

void lapic_timer_set(uint32_t count)
{
	write_register(LAPIC_TIMER_INITIAL, count);
}

uint32_t lapic_timer_left(void)
{
	return xapic ? xapic[LAPIC_TIMER_CURRENT / 4]
		     : (uint32_t)rdmsr(0x800 + LAPIC_TIMER_CURRENT / 16);
}

void lapic_end_of_interrupt(void)
{
	write_register(LAPIC_EOI, 0);
}

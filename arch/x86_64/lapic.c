/* SPDX-License-Identifier: 0BSD */
/*
 * The local APIC, as far as these kernels need it: the interrupt command register and the timer, in
 * xAPIC mode by memory, in x2APIC mode by MSR (Intel SDM volume 3, "Advanced Programmable Interrupt
 * Controller").
 */
#include <kernels/common/kernel.h>

#include "x86.h"

#define MSR_APIC_BASE 0x1b
#define APIC_BASE_ENABLED (1u << 11)
#define APIC_BASE_X2APIC (1u << 10)

#define XAPIC_ICR_LOW 0x300
#define XAPIC_ICR_HIGH 0x310
#define MSR_X2APIC_ICR 0x830

/* Registers by their offset in xAPIC mode; in x2APIC mode MSR 0x800 + offset / 16. */
#define LAPIC_VERSION 0x30
#define LAPIC_TASK_PRIORITY 0x80
#define LAPIC_EOI 0xb0
#define LAPIC_SPURIOUS 0xf0
#define LAPIC_IN_SERVICE 0x100 /* 8 registers, a bit for each vector; so the next */
#define LAPIC_REQUESTED 0x200
#define LAPIC_LVT_CMCI 0x2f0
#define LAPIC_LVT_TIMER 0x320
#define LAPIC_LVT_THERMAL 0x330
#define LAPIC_LVT_PERFORMANCE 0x340
#define LAPIC_LVT_LINT0 0x350
#define LAPIC_LVT_LINT1 0x360
#define LAPIC_LVT_ERROR 0x370
#define LAPIC_TIMER_INITIAL 0x380
#define LAPIC_TIMER_CURRENT 0x390
#define LAPIC_TIMER_DIVIDE 0x3e0

#define LVT_NMI 0x400
#define LVT_MASKED 0x10000
#define SPURIOUS_APIC_ENABLED (1u << 8)
#define TIMER_DIVIDE_BY_1 0xb /* and the vector alone in LVT: one shot, not masked */

#define ICR_NMI 0x4400	   /* NMI, level assert */
#define ICR_INIT 0x4500	   /* INIT, level assert */
#define ICR_STARTUP 0x4600 /* start-up, level assert; the vector is the page's number */
#define ICR_PENDING (1u << 12)

#define CPUID_X2APIC (1u << 21)

/* NULL in x2APIC mode. The firmware's MTRRs make these registers uncached memory. */
static volatile uint32_t *xapic;

bool lapic_has_x2apic(void)
{
	return cpuid(1).ecx & CPUID_X2APIC;
}

/*
 * The mode is each CPU's own. Out of x2APIC mode there is no way but through a disabled APIC, and
 * on some CPUs none; and INIT does not change it (SDM, "x2APIC State Transitions").
 */
static const char *enter_mode(bool x2apic)
{
	uint64_t base = rdmsr(MSR_APIC_BASE);

	if (!(base & APIC_BASE_ENABLED))
		return "the firmware left the local APIC disabled: no interrupt comes, and no "
		       "other CPU can be started";
	if (!x2apic && base & APIC_BASE_X2APIC)
		return "the firmware left the local APIC in x2APIC mode, but not that of the boot "
		       "CPU: boot with x2apic=1";
	if (x2apic && !(base & APIC_BASE_X2APIC))
		wrmsr(MSR_APIC_BASE, base | APIC_BASE_X2APIC);
	return NULL;
}

const char *lapic_init(uint64_t address, bool x2apic)
{
	x2apic = x2apic || rdmsr(MSR_APIC_BASE) & APIC_BASE_X2APIC;
	if (!x2apic && (!address || address >> 32))
		return "the local APIC's registers are not below 4 GiB, where this kernel maps "
		       "memory";
	if (x2apic && !(rdmsr(MSR_APIC_BASE) & APIC_BASE_X2APIC))
		print("# the kernel turns x2APIC mode on\n");
	xapic = x2apic ? NULL : (volatile uint32_t *)address; /* NOLINT: from the firmware */
	return enter_mode(x2apic);
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

static uint32_t read_register(uint32_t offset)
{
	return xapic ? xapic[offset / 4] : (uint32_t)rdmsr(0x800 + offset / 16);
}

/*
 * A CPU has one entry of the local vector table more than its version register says. A masked one
 * has a vector all the same: one below 16 is an error.
 */
static void mask_local_vectors(uint8_t vector)
{
	static const uint32_t entries[] = {
		LAPIC_LVT_TIMER,       LAPIC_LVT_LINT0,	  LAPIC_LVT_LINT1, LAPIC_LVT_ERROR,
		LAPIC_LVT_PERFORMANCE, LAPIC_LVT_THERMAL, LAPIC_LVT_CMCI};
	size_t last = read_register(LAPIC_VERSION) >> 16 & 0xff;

	for (size_t i = 0; i <= last && i < sizeof(entries) / sizeof(entries[0]); i++)
		write_register(entries[i], LVT_MASKED | vector);
}

const char *lapic_enable(uint8_t timer, uint8_t spurious)
{
	const char *error = enter_mode(!xapic);

	if (error)
		return error;
	/* While it is disabled by software, the entries stay masked. */
	write_register(LAPIC_SPURIOUS, SPURIOUS_APIC_ENABLED | spurious);
	mask_local_vectors(spurious);
	write_register(LAPIC_TASK_PRIORITY, 0);
	write_register(LAPIC_TIMER_INITIAL, 0);
	write_register(LAPIC_TIMER_DIVIDE, TIMER_DIVIDE_BY_1);
	write_register(LAPIC_LVT_TIMER, timer);
	return NULL;
}

/* The highest vector that has its bit in these registers; 0 if none has. */
static unsigned int highest(uint32_t registers)
{
	for (unsigned int i = 8; i-- > 0;) {
		uint32_t bits = read_register(registers + i * 0x10);

		if (bits)
			return i * 32 + 31 - (unsigned int)__builtin_clz(bits);
	}
	return 0;
}

unsigned int lapic_in_service(void)
{
	return highest(LAPIC_IN_SERVICE);
}

unsigned int lapic_requested(void)
{
	return highest(LAPIC_REQUESTED);
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
	return read_register(LAPIC_TIMER_CURRENT);
}

void lapic_end_of_interrupt(void)
{
	write_register(LAPIC_EOI, 0);
}

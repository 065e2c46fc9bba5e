/* SPDX-License-Identifier: 0BSD */
/*
 * Starting the other CPUs, by INIT and start-up IPIs (Intel SDM volume 3, "Multiple-Processor
 * Management": INIT, 10 ms, start-up, 200 us, start-up again). Every step is done for all CPUs
 * before the next, each addressed by its APIC id: a broadcast would also wake CPUs that the
 * firmware has taken out of use. QEMU's CPUs need neither the waits nor the second start-up IPI, so
 * a pass there does not prove them.
 */
#include <boards/pc/pc.h>
#include <kernels/common/kernel.h>

#include "x86.h"

/* ap.S: what is copied below 1 MiB, and where each AP looks itself up. */
extern const unsigned char ap_trampoline[], ap_trampoline_end[];
uint32_t ap_apic_ids[MAX_CPUS];
uint32_t ap_count;

static uintptr_t page;

/* As get_apic_id in asm.h, which is for code without a stack. */
uint32_t x86_apic_id(void)
{
	if (cpuid(0).eax >= 0xb && cpuid(0xb).ebx)
		return cpuid(0xb).edx;
	return cpuid(1).ebx >> 24;
}

/*
 * For an id that 8 bits do not hold: the firmware has to leave the CPU that has it in x2APIC mode
 * then, for it knows no such id in xAPIC mode; here it is asked of the boot CPU's, if it was left
 * out. Or by x2apic=1 on the command line.
 */
bool x86_wants_x2apic(void)
{
	uint64_t wanted = 0;

	(void)option("x2apic", &wanted);
	if (wanted && !lapic_has_x2apic())
		tap_bail_out("cpu 0: the command line wants x2APIC mode, which this CPU does not "
			     "have: see CPUID.1:ECX[21], and leave x2apic= out");
	for (size_t cpu = 0; cpu < cpu_count; cpu++)
		if (cpus[cpu].hwid > 254)
			wanted = 1;
	return wanted && lapic_has_x2apic();
}

/* Copies the trampoline to a page that it can start from. Returns NULL or what is wrong. */
static const char *place_trampoline(void)
{
	size_t size = (size_t)(ap_trampoline_end - ap_trampoline);
	volatile unsigned char *copy;

	page = pc_low_page();
	if (!page)
		return "no free page below 1 MiB for the code that an AP starts with: see the boot "
		       "loader's memory map";
	copy = (volatile unsigned char *)page; /* NOLINT: a number from the firmware */
	for (size_t i = 0; i < size; i++)
		copy[i] = ap_trampoline[i];
	for (size_t i = 0; i < size; i++)
		if (copy[i] != ap_trampoline[i])
			return "the page below 1 MiB does not keep what is written to it: the boot "
			       "loader's memory map calls it RAM, but it is not";
	return NULL;
}

static bool is_starting(size_t cpu)
{
	return !cpus[cpu].error &&
	       __atomic_load_n(&cpus[cpu].state, __ATOMIC_ACQUIRE) == CPU_STARTING;
}

static void send_startup_to_silent(size_t first, size_t end)
{
	for (size_t cpu = first; cpu < end; cpu++)
		if (is_starting(cpu))
			lapic_send_startup(ap_apic_ids[cpu], page);
}

const char *arch_start_init(void)
{
	const char *error = lapic_init(pc_lapic_address(), x86_wants_x2apic());

	if (error)
		return error;
	for (size_t cpu = 1; cpu < cpu_count; cpu++) {
		ap_apic_ids[cpu] = (uint32_t)cpus[cpu].hwid;
		if (cpus[cpu].hwid > lapic_max_id())
			cpus[cpu].error = "its APIC id needs x2APIC mode, which this CPU does not "
					  "have: see CPUID.1:ECX[21]";
	}
	ap_count = (uint32_t)cpu_count;
	return place_trampoline();
}

void arch_start_cpus(size_t first, size_t end)
{
	if (first == end)
		return; /* nobody to wait for */
	/* x86 stores become visible in order, and the IPI comes after them; no CPU reads earlier.
	 */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	for (size_t cpu = first; cpu < end; cpu++)
		if (is_starting(cpu))
			lapic_send_init(ap_apic_ids[cpu]);
	pc_delay(10000);
	send_startup_to_silent(first, end);
	pc_delay(200);
	send_startup_to_silent(first, end);
}

void arch_retry_cpu(size_t cpu)
{
	lapic_send_startup(ap_apic_ids[cpu], page);
}

void arch_pause(void)
{
	__builtin_ia32_pause();
}

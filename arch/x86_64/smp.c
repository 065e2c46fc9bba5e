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

/* How long a CPU may take from INIT until it waits for a start-up IPI. */
#define INIT_MICROSECONDS 10000

/* A CPU that stops. */
static struct stop {
	size_t parked; /* it is in park_self (ap.S), or about to be: written by itself */
	bool init_sent;
	uint64_t init_time;
} stops[MAX_CPUS];

__attribute__((noreturn)) void park_self(size_t *parked);

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

/* False if it has had its INIT, by arch_cpu_has_stopped. */
static bool send_init(size_t cpu)
{
	bool sent = stops[cpu].init_sent;

	/* The CPU, which writes parked when it stops, does not run. */
	stops[cpu] = (struct stop){.parked = 0};
	if (!sent)
		lapic_send_init(ap_apic_ids[cpu]);
	return !sent;
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
	bool wait = false;

	if (first == end)
		return; /* nobody to wait for */
	/* x86 stores become visible in order, and the IPI comes after them; no CPU reads earlier.
	 */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	for (size_t cpu = first; cpu < end; cpu++)
		if (is_starting(cpu))
			wait |= send_init(cpu);
	if (wait)
		pc_delay(INIT_MICROSECONDS);
	send_startup_to_silent(first, end);
	pc_delay(200);
	send_startup_to_silent(first, end);
}

void arch_retry_cpu(size_t cpu)
{
	lapic_send_startup(ap_apic_ids[cpu], page);
}

/*
 * There is no table that says whether a CPU runs, and no instruction that stops it for good: HLT
 * ends by an NMI or an SMI. So the CPU parks, and says so; and then another sends it an INIT.
 */
void arch_stop_self(size_t cpu)
{
	park_self(&stops[cpu].parked);
}

/*
 * INIT takes a CPU out of whatever it does, to wait for a start-up IPI: no NMI and no SMI is taken
 * there (Intel SDM volume 3, "Processor Management and Initialization", the table of states after
 * INIT; AMD's manual, volume 2, "INIT"). It cannot be seen, so it is given the time that the SDM
 * gives it. Only a CPU that has parked gets one: it might hold a lock, or half of a line on the
 * console. In VMX root operation, and with AMD's GIF clear, INIT is kept pending: a hypervisor
 * leaves that first.
 *
 * What INIT leaves behind is in memory, and made anew: the TSS descriptor of this CPU's GDT, which
 * LTR has marked busy, by tss_load, for LTR of a busy one is a #GP. The local APIC is reset, but
 * for its id and its mode: timer, local vectors and pending interrupts are gone. MTRRs and the time
 * stamp counter stay, GS_BASE is 0. The cache is not invalidated, and stays coherent.
 *
 * INIT clears CR4.MCE, too: a machine check that is broadcast then shuts the machine down (SDM,
 * "Machine-Check Architecture"). A kernel that handles these, as kernels/swapgs alone does here,
 * may rather leave the CPU in HLT, with stack, IDT and handler, and send INIT when it starts it.
 */
bool arch_cpu_has_stopped(size_t cpu)
{
	struct stop *stop = &stops[cpu];

	/* The acquire pairs with the store in park_self: what the CPU wrote before is visible. */
	if (!__atomic_load_n(&stop->parked, __ATOMIC_ACQUIRE))
		return false;
	if (!stop->init_sent) {
		lapic_send_init(ap_apic_ids[cpu]);
		stop->init_sent = true;
		stop->init_time = board_microseconds();
	}
	return board_microseconds() - stop->init_time >= INIT_MICROSECONDS;
}

void arch_pause(void)
{
	__builtin_ia32_pause();
}

/* SPDX-License-Identifier: 0BSD */
/* Starting the other CPUs, each in the way that the device tree has for it: "enable-method". */
#include <boards/common/devicetree.h>
#include <kernels/common/kernel.h>
#include <percpu.h>

#include "gic.h"
#include "pen.h"
#include "psci.h"

void secondary_start(void); /* boot.S */

/* Where each CPU looks itself up: boot.S. */
uint64_t cpu_mpidrs[MAX_CPUS];
size_t cpu_mpidr_count;

static struct start {
	enum { PSCI, SPIN_TABLE } method;
	uint64_t slot; /* of the spin table */
} starts[MAX_CPUS];

/*
 * What NODE, a CPU's, says. Returns NULL, or a sentence that says why it cannot be done. Where
 * nothing is said PSCI is tried: QEMU's trees leave it out for a CPU that is alone, and a CPU that
 * is in no tree is for the firmware to know.
 */
static const char *read_method(const struct fdt *tree, fdt_node node, struct start *start)
{
	size_t size;

	if (!fdt_property(tree, node, "enable-method", &size) ||
	    fdt_has_string(tree, node, "enable-method", "psci"))
		return NULL;
	if (!fdt_has_string(tree, node, "enable-method", "spin-table"))
		return "its enable-method in the device tree is none that this kernel knows: these "
		       "are psci and spin-table";
	start->method = SPIN_TABLE;
	start->slot = fdt_number(tree, node, "cpu-release-addr", 2, 0);
	if (!start->slot || start->slot % 8)
		return "its cpu-release-addr in the device tree is not the address of an aligned "
		       "doubleword, which its spin table must have";
	return NULL;
}

static void read_methods(const struct fdt *tree)
{
	fdt_node node = FDT_NO_NODE;
	uint64_t hwid;

	while ((node = devicetree_next_cpu(tree, node, NULL, &hwid)) != FDT_NO_NODE) {
		const char *method = fdt_string(tree, node, "enable-method");
		size_t cpu = cpu_of(hwid);

		if (cpu == 0 || cpu >= cpu_count)
			continue;
		cpus[cpu].error = read_method(tree, node, &starts[cpu]);
		if (cpus[cpu].error)
			print("# cpu %zu (%s %lu) has the enable-method \"%s\"\n", cpu,
			      board_hwid_name, hwid, method ? method : "");
	}
}

const char *arch_start_init(void)
{
	for (size_t cpu = 0; cpu < cpu_count; cpu++)
		cpu_mpidrs[cpu] = cpus[cpu].hwid;
	cpu_mpidr_count = cpu_count;
	read_methods(board_tree());
	return NULL;
}

/*
 * Releases a CPU from a spin table (Linux, Documentation/arm64/booting.rst): it polls SLOT, in
 * WFE, until it reads the address to go on at. It reads with MMU and caches off, so from memory
 * itself: the address must not stay in this CPU's cache. The DSB has the clean, and before it the
 * store, done when the SEV comes; a CPU that looked just before finds the event, and looks again.
 * An aligned doubleword is seen whole or not at all, and lies in one cache line, whatever a line's
 * size is.
 *
 * Nothing else has to be cleaned. The code, and what mmu_on uses, is as it was loaded, and the
 * loader had to clean that; all that was written since is read with the caches on.
 *
 * QEMU has no caches and wakes a CPU from WFE at will: it passes without the clean and without SEV.
 *
 * Volatile, and with "memory": what is written before stays before.
 */
static void release(uint64_t slot)
{
	*(volatile uint64_t *)slot = (uint64_t)secondary_start;
	__asm__ volatile("dc civac, %0\n\tdsb sy\n\tsev" : : "r"(slot) : "memory");
}

static bool by_psci(size_t cpu)
{
	return starts[cpu].method == PSCI && psci_exists();
}

static void call_cpu_on(size_t cpu)
{
	int32_t error = psci_call(PSCI_CPU_ON, cpus[cpu].hwid, (uint64_t)secondary_start, 0);

	cpus[cpu].error_code = error;
	if (error)
		cpus[cpu].error = psci_error_name(error);
}

void arch_start_cpus(size_t first, size_t end)
{
	/*
	 * What was written so far must be visible to a CPU before it runs. The other half is that
	 * it reads nothing of it before the ISB at the end of mmu_on.
	 */
	__asm__ volatile("dsb ish" ::: "memory");
	for (size_t cpu = first; cpu < end; cpu++) {
		if (cpus[cpu].error)
			continue;
		if (starts[cpu].method == SPIN_TABLE && !pen_has(cpu))
			release(starts[cpu].slot);
		else if (by_psci(cpu))
			call_cpu_on(cpu);
		else
			cpus[cpu].error = pen_release(cpu, cpus[cpu].hwid);
	}
}

/*
 * CPU_ON has said that the CPU starts; asking again would only be refused. An address in a spin
 * table stays there, and an event that a CPU has missed changes nothing: it looks before each WFE.
 */
void arch_retry_cpu(size_t cpu)
{
	(void)cpu;
}

/*
 * CPU_OFF wants nothing cleaned: a CPU that loses its power loses its caches, and to clean them
 * first, with the coherency that goes last, is the firmware's part (Arm DEN 0022, "CPU_OFF"; Arm's
 * Trusted Firmware does it). The DSB has all that this CPU wrote visible before the firmware can
 * say that it is off. It returns only if it fails: a Trusted OS that cannot leave this CPU, for
 * one.
 *
 * A spin table and a pen have no such call.
 */
void arch_stop_self(size_t cpu)
{
	const char *error = interrupts_stop(cpu, by_psci(cpu)), *call = "";
	int32_t code = 0;

	if (!error && !by_psci(cpu))
		pen_go_back(cpu);
	__asm__ volatile("msr daifset, #0xf\n\tdsb sy" ::: "memory");
	if (!error) {
		call = "CPU_OFF: ";
		code = psci_call(PSCI_CPU_OFF, 0, 0, 0);
		error = psci_error_name(code);
	}
	tap_bail_out("cpu %zu (%s %lu) does not stop: %s%s (%d): leave this CPU running", cpu,
		     board_hwid_name, cpus[cpu].hwid, call, error, code);
}

/*
 * Off is said when the firmware has done with the CPU. Before that it is on, and CPU_ON would say
 * ALREADY_ON; and a CPU that was never on is off too. The DMB is the other half of the DSB above:
 * what was read of the CPU's memory so far is not what is read from now on.
 */
bool arch_cpu_has_stopped(size_t cpu)
{
	int32_t state;

	if (!by_psci(cpu))
		return pen_has(cpu);
	state = psci_call(PSCI_AFFINITY_INFO, cpus[cpu].hwid, 0, 0);
	__asm__ volatile("dmb ish" ::: "memory");
	if (state < 0) {
		cpus[cpu].error_code = state;
		cpus[cpu].error = psci_error_name(state);
	}
	return state == PSCI_IS_OFF;
}

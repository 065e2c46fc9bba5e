/* SPDX-License-Identifier: 0BSD */
#include "pen.h"

#include <kernels/common/kernel.h>

#include "levels.h"

/*
 * Slot N is for CPU number N. In .data: the image brings the zeros, while .bss is cleared only when
 * CPUs look here already. Nothing is ever written here with the MMU off.
 */
uint64_t pen_slots[MAX_CPUS] __attribute__((section(".data.pen_slots")));

const char *pen_release(size_t cpu, uint64_t hwid)
{
	if (entered_level != 3)
		return "the device tree has no PSCI to start it with, and the kernel was not "
		       "entered at EL3, where all CPUs come at once: start it by firmware with "
		       "PSCI";
	/*
	 * One store, so that the slot is seen empty or whole. It is cleaned to the point of
	 * coherency, where a CPU without MMU reads; the DSB ends that before the event, and makes
	 * all that was written earlier visible: the CPU reads it with the MMU on.
	 */
	*(volatile uint64_t *)&pen_slots[cpu] = hwid | UINT64_C(1) << PEN_OPEN_BIT;
	__asm__ volatile("dc cvac, %0\n\tdsb sy\n\tsev" : : "r"(&pen_slots[cpu]) : "memory");
	return NULL;
}

/* SPDX-License-Identifier: 0BSD */
#include "pen.h"

#include <kernels/common/kernel.h>

#include "levels.h"

/*
 * Slot N is for CPU number N. In .data: the image brings the zeros, while .bss is cleared only when
 * CPUs look here already. Nothing is ever written here with the MMU off.
 */
uint64_t pen_slots[MAX_CPUS] __attribute__((section(".data.pen_slots")));

/* The CPU is in the pen, by pen_go_back. */
static size_t went_back[MAX_CPUS];

__attribute__((noreturn)) void pen_enter_again(uint64_t *slot, size_t *went); /* pen.S */

void pen_go_back(size_t cpu)
{
	pen_enter_again(&pen_slots[cpu], &went_back[cpu]);
}

bool pen_has(size_t cpu)
{
	/* The acquire pairs with the STLR in pen_enter_again. */
	return __atomic_load_n(&went_back[cpu], __ATOMIC_ACQUIRE);
}

const char *pen_release(size_t cpu, uint64_t hwid)
{
	if (entered_level != 3 && !pen_has(cpu))
		return "the device tree has no PSCI to start it with, and the kernel was not "
		       "entered at EL3, where all CPUs come at once: start it by firmware with "
		       "PSCI";
	/* The CPU writes it when it goes back, so not before it is let go. */
	went_back[cpu] = 0;
	/*
	 * One store, so that the slot is seen empty or whole. It is cleaned to the point of
	 * coherency, where a CPU without MMU reads; the DSB ends that before the event, and makes
	 * all that was written earlier visible: the CPU reads it with the MMU on.
	 */
	*(volatile uint64_t *)&pen_slots[cpu] = hwid | UINT64_C(1) << PEN_OPEN_BIT;
	__asm__ volatile("dc cvac, %0\n\tdsb sy\n\tsev" : : "r"(&pen_slots[cpu]) : "memory");
	return NULL;
}

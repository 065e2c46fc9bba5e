/* SPDX-License-Identifier: 0BSD */
#include "levels.h"

#include <kernels/common/kernel.h>
#include <percpu.h>

uint32_t entered_level; /* by boot.S */

void levels_report(void)
{
	uint64_t level, hcr = 0;

	__asm__ volatile("mrs %0, CurrentEL" : "=r"(level));
#if PERCPU_IS_EL2
	__asm__ volatile("mrs %0, hcr_el2" : "=r"(hcr));
#endif
	print("# entered at EL%u, runs at EL%u%s\n", entered_level, (unsigned)(level >> 2 & 3),
	      hcr >> HCR_E2H_BIT & 1 ? " with VHE" : "");
}

/* Called by boot.S with the MMU off, so without atomics or locks. */
__attribute__((noreturn)) void wrong_exception_level(uint64_t level, uintptr_t boot_data);
void wrong_exception_level(uint64_t level, uintptr_t boot_data)
{
	static char text[] =
		"Bail out! cpu 0: entered at EL?, from where there is no way to EL" PERCPU__STRING(
			PERCPU_ARM_EL) ", which this kernel is built for: "
				       "start it at EL2 or on a CPU that has EL2 (QEMU: "
				       "virtualization=on), "
				       "or build it with PERCPU_ARM_EL=1\n";

	for (char *c = text; *c; c++)
		if (*c == '?')
			*c = (char)('0' + level);
	board_stop(boot_data, text);
}

/* Likewise. The tables of mmu.S have pages, and blocks, of this granule. */
__attribute__((noreturn)) void no_4k_pages(uintptr_t boot_data);
void no_4k_pages(uintptr_t boot_data)
{
	board_stop(boot_data, "Bail out! cpu 0: this CPU has no page tables with pages of 4 KiB "
			      "(ID_AA64MMFR0_EL1.TGran4), which this kernel's are: give mmu.S and "
			      "map.S tables of a size that it has\n");
}

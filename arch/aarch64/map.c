/* SPDX-License-Identifier: 0BSD */
/*
 * More RAM for the identity map. It has the GiB that the kernel is in; the boot protocol lets the
 * loader put the device tree into any other (Linux, Documentation/arm64/booting.rst), and U-Boot
 * puts it near the end of RAM. That the table is in .rodata keeps nobody from writing it.
 */
#include "map.h"

#include <percpu.h>

/* page_level1: an entry for each of 512 GiB. Bit 0 says that it is mapped. */
enum { GIB_SHIFT = 30, BLOCKS = 512 };
#define BLOCK_ADDRESS ((uint64_t)(BLOCKS - 1) << GIB_SHIFT)
#define TABLE_ADDRESS 0x0000fffffffff000u

static uint64_t *table(void)
{
	uint64_t base;

	__asm__("mrs %0, ttbr0_el" PERCPU__STRING(PERCPU_ARM_EL) : "=r"(base));
	return (uint64_t *)(base & TABLE_ADDRESS); /* NOLINT: mapped one to one */
}

void map_ram(uintptr_t address)
{
	uint64_t *blocks = table(), like = blocks[(uintptr_t)map_ram >> GIB_SHIFT];
	volatile uint64_t *block = &blocks[address >> GIB_SHIFT & (BLOCKS - 1)];

	/* Where a GiB is a table of smaller blocks, as on raspi3b, the board's map is all that
	 * there is. */
	if (*block & 1 || like & 2)
		return;
	*block = (like & ~BLOCK_ADDRESS) | (address & BLOCK_ADDRESS);
	/* The write is seen by this CPU's next walk; no TLB keeps that there was nothing. */
	__asm__ volatile("dsb ishst\n\tisb" : : : "memory");
}

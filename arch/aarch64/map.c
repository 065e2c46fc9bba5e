/* SPDX-License-Identifier: 0BSD */
/*
 * More of the identity map. The board's has the GiB that the kernel is in, and that of its devices.
 * The boot protocol lets the loader put the device tree into any other (Linux,
 * Documentation/arm64/booting.rst), and U-Boot puts it near the end of RAM; and what the tree names
 * may be anywhere. That the table is in .rodata keeps nobody from writing it.
 */
#include "map.h"

#include <arch/boot.h>
#include <percpu.h>

#include "mmu.h"

/* page_level1: an entry for each of 512 GiB. Bit 0 says that it is mapped. */
enum { GIB_SHIFT = 30, BLOCKS = 512 };
#define BLOCK_ADDRESS ((uint64_t)(BLOCKS - 1) << GIB_SHIFT)
#define TABLE_ADDRESS 0x0000fffffffff000u

/* Fields of a block that make Device memory of RAM: MMU_BLOCK_DEVICE and MMU_BLOCK_RAM. */
#define RAM_ONLY (MMU_ATTRIBUTES(7) | MMU_INNER_SHAREABLE)
#define ALONE (1 << 6)
#define NOT_EXECUTABLE (UINT64_C(1) << 54)
#define NOT_EXECUTABLE_BY_KERNEL (UINT64_C(1) << 53)

static uint64_t *table(void)
{
	uint64_t base;

	__asm__("mrs %0, ttbr0_el" PERCPU__STRING(PERCPU_ARM_EL) : "=r"(base));
	return (uint64_t *)(base & TABLE_ADDRESS); /* NOLINT: mapped one to one */
}

/* ID_AA64MMFR0_EL1.PARange: how many bits a physical address has here. */
static unsigned address_bits(void)
{
	static const unsigned char bits[] = {32, 36, 40, 42, 44};
	uint64_t features;

	__asm__("mrs %0, id_aa64mmfr0_el1" : "=r"(features));
	features &= 15;
	return features < sizeof(bits) ? bits[features] : 48;
}

static uint64_t device_like(uint64_t ram)
{
	return (ram & ~(uint64_t)RAM_ONLY) | MMU_ATTRIBUTES(MMU_DEVICE) | NOT_EXECUTABLE |
	       (ram & ALONE ? 0 : NOT_EXECUTABLE_BY_KERNEL);
}

/* The write is seen by this CPU's next walk; no TLB keeps that there was nothing. */
static void write_block(volatile uint64_t *block, uint64_t value)
{
	*block = value;
	__asm__ volatile("dsb ishst\n\tisb" : : : "memory");
}

static bool map(uint64_t start, uint64_t size, bool device)
{
	uint64_t *blocks = table(), like = blocks[(uintptr_t)map >> GIB_SHIFT];
	uint64_t last = start + size - 1;

	if (!size || last < start || last >> GIB_SHIFT >= BLOCKS || last >> address_bits())
		return false;
	for (uint64_t gib = start >> GIB_SHIFT; gib <= last >> GIB_SHIFT; gib++) {
		if (blocks[gib] & 1)
			continue;
		/* Where a GiB is a table of smaller blocks, as on raspi3b, the board's map is all
		 * that there is. */
		if (like & 2)
			return false;
		write_block(&blocks[gib], ((device ? device_like(like) : like) & ~BLOCK_ADDRESS) |
						  gib << GIB_SHIFT);
	}
	return true;
}

bool map_ram(uint64_t start, uint64_t size)
{
	return map(start, size, false);
}

bool arch_map_ram(uint64_t start, uint64_t size)
{
	return map_ram(start, size);
}

bool map_device(uint64_t start, uint64_t size)
{
	return map(start, size, true);
}

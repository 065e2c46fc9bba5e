/* SPDX-License-Identifier: 0BSD */
/*
 * More of the identity map: boot.S has the first 4 GiB, and what lies above is mapped when it is
 * needed. In pages of 2 MiB, as there, for not every CPU has those of 1 GiB.
 *
 * A page that is not mapped is in no TLB (Intel SDM volume 3, "Caching Translation Information"),
 * so there is nothing to be flushed, on this CPU or another: all use the same table.
 */
#include <arch/boot.h>

#include "x86.h"

enum { ENTRIES = 512, GIB_SHIFT = 30, PAGE_SHIFT = 21 };

/* Fields of an entry: present and writable; in the table of 2 MiB pages, that it is one. */
enum { PRESENT_WRITABLE = 3, LARGE_PAGE = 0x80 };

/* Each maps a GiB. */
enum { MORE_GIBS = 16 };
static uint64_t tables[MORE_GIBS][ENTRIES] __attribute__((aligned(4096)));
static size_t tables_used;

extern uint64_t page_level3[ENTRIES]; /* boot.S */

/* CPUID leaf 80000008h: how many bits a physical address has. */
static unsigned address_bits(void)
{
	return cpuid(0x80000000).eax < 0x80000008 ? 36 : cpuid(0x80000008).eax & 0xff;
}

static void map_gib(uint64_t gib)
{
	uint64_t *table = tables[tables_used++];

	for (uint64_t i = 0; i < ENTRIES; i++)
		table[i] = gib << GIB_SHIFT | i << PAGE_SHIFT | LARGE_PAGE | PRESENT_WRITABLE;
	/* Release: the CPU, which walks tables on its own, finds the table whole. */
	__atomic_store_n(&page_level3[gib], (uintptr_t)table | PRESENT_WRITABLE, __ATOMIC_RELEASE);
}

bool arch_map_ram(uint64_t start, uint64_t size)
{
	uint64_t last = start + size - 1;

	if (!size || last < start || last >> GIB_SHIFT >= ENTRIES || last >> address_bits())
		return false;
	for (uint64_t gib = start >> GIB_SHIFT; gib <= last >> GIB_SHIFT; gib++) {
		if (page_level3[gib] & 1)
			continue;
		if (tables_used == MORE_GIBS)
			return false;
		map_gib(gib);
	}
	/* What the caller reads and writes there comes behind. */
	__asm__ volatile("" : : : "memory");
	return true;
}

/* SPDX-License-Identifier: 0BSD */
/*
 * Page table entries of aarch64 (Arm ARM DDI 0487, "VMSAv8-64 translation table format
 * descriptors"), with the memory attributes that arch/aarch64/mmu.S has in MAIR_EL1: base revision
 * 3 of the protocol leaves their order open.
 */
#include <tests/limine/loader/loader.h>

#define TABLE_OR_PAGE 3u
#define NORMAL (1u << 2) /* MMU_NORMAL of arch/aarch64/mmu.h */
#define READ_ONLY (1u << 7)
#define INNER_SHAREABLE (3u << 8)
#define ACCESSED (1u << 10)
#define NO_EXECUTE (UINT64_C(3) << 53)
#define NO_USER_EXECUTE (UINT64_C(1) << 54)

uint64_t table_entry(uint64_t address)
{
	return address | TABLE_OR_PAGE;
}

uint64_t page_entry(uint64_t address, bool writable, bool executable)
{
	return address | (executable ? NO_USER_EXECUTE : NO_EXECUTE) | ACCESSED | INNER_SHAREABLE |
	       (writable ? 0 : READ_ONLY) | NORMAL | TABLE_OR_PAGE;
}

uint64_t entry_address(uint64_t entry)
{
	return entry & 0x0000fffffffff000;
}

/* Walks are coherent with the caches; this orders them behind the stores. */
void prepare_tables(void)
{
	__asm__ volatile("dsb ish\n\tisb" : : : "memory");
}

/* SPDX-License-Identifier: 0BSD */
/* Page table entries of x86_64 (Intel SDM volume 3, "4-Level Paging and 5-Level Paging"). */
#include <tests/limine/loader/loader.h>

#define PRESENT 1u
#define WRITABLE 2u
#define NO_EXECUTE (UINT64_C(1) << 63)

extern uint64_t page_level4[512];

uint64_t table_entry(uint64_t address)
{
	return address | WRITABLE | PRESENT;
}

uint64_t page_entry(uint64_t address, bool writable, bool executable)
{
	return address | (executable ? 0 : NO_EXECUTE) | (writable ? WRITABLE : 0) | PRESENT;
}

uint64_t entry_address(uint64_t entry)
{
	return entry & 0x000ffffffffff000;
}

/* The direct map is in the loader's own tables too, where limine_enter goes on before it changes
 * them. */
void prepare_tables(void)
{
	for (size_t i = 256; i < 512; i++)
		page_level4[i] = root[i];
}

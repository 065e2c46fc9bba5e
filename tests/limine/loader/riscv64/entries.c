/* SPDX-License-Identifier: 0BSD */
/* Page table entries of Sv48 (RISC-V privileged specification), which is the protocol's default. */
#include <tests/limine/loader/loader.h>

#define VALID 0x01u
#define READABLE 0x02u
#define WRITABLE 0x04u
#define EXECUTABLE 0x08u
#define ACCESSED_DIRTY 0xc0u

uint64_t table_entry(uint64_t address)
{
	return address >> 2 | VALID;
}

uint64_t page_entry(uint64_t address, bool writable, bool executable)
{
	return address >> 2 | ACCESSED_DIRTY | (executable ? EXECUTABLE : 0) |
	       (writable ? WRITABLE : 0) | READABLE | VALID;
}

uint64_t entry_address(uint64_t entry)
{
	return entry >> 10 << 12;
}

/* Orders walks behind the stores; each hart fences again, in limine_enter. */
void prepare_tables(void)
{
	__asm__ volatile("sfence.vma" : : : "memory");
}

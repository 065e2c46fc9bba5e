/* SPDX-License-Identifier: 0BSD */
/* User mode on riscv64: what its files share. */
#ifndef RISCV64_USER_H
#define RISCV64_USER_H

#include <arch/user.h>

#include "frame.h"

#define PAGE 4096
#define ENTRIES 512

/* Of Sv39, with three levels (RISC-V privileged specification). */
typedef uint64_t page_table[ENTRIES] __attribute__((aligned(PAGE)));

#define PTE_VALID 0x01
#define PTE_LEAF 0x0e /* one of these, or it leads to a table */
#define PTE_USER 0x10

/* Accessed and dirty are set, for a hart may fault instead of setting them. */
#define PTE_TABLE 0x01
#define PTE_KERNEL 0xcf	     /* readable, writable, executable */
#define PTE_KERNEL_CODE 0xcb /* readable, executable */
#define PTE_KERNEL_DATA 0xc7 /* readable, writable */
#define PTE_USER_CODE 0xdb   /* readable, executable */
#define PTE_USER_STACK 0xd7  /* readable, writable */

/* The entry of an address: the number of its page starts at bit 10. */
static inline uint64_t page_entry(const void *address, uint64_t bits)
{
	return (uintptr_t)address / PAGE << 10 | bits;
}

/*
 * The root of Sv39, with all that is mapped, and those of wider modes: the first entry of each
 * leads to the one before, so the lower half's addresses mean the same.
 */
struct roots {
	page_table sv39, sv48, sv57;
};

/* What satp is with these roots, in the mode that the first hart has chosen. */
uint64_t satp_of(struct roots *roots);

/* ---- A page table of its own for user mode (trampoline.c) ---- */

/*
 * Makes the table, of the user's pages, which are behind ENTRY of GiB, and what entry and return
 * need. EARLY: traps from user mode use a per-CPU variable before they change the table. NULL, or a
 * sentence that says why it cannot be. Once.
 */
const char *trampoline_init(size_t gib, uint64_t entry, bool early);

/* The calling hart, which uses the kernel's table, will go to user mode with the other. */
void trampoline_load(void);

#endif

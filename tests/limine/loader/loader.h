/* SPDX-License-Identifier: 0BSD */
/*
 * What the parts of the loader share. Layouts and numbers are those of the Limine boot protocol,
 * for base revision 3, written down here once more: the kernel's own are in docs/limine.md, and if
 * one of the two is wrong they do not understand each other.
 */
#ifndef LOADER_H
#define LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE 4096u
#define MAX_STARTED 16

/* Where the direct map starts. The kernel may not guess it. */
#define HHDM 0xffff900000000000

/* ---- Page tables (tables.c): four levels of 512 entries, on each of the architectures ---- */

/* What <arch>.h gives: an entry that leads to a table, and one for a page with these rights. */
uint64_t table_entry(uint64_t address);
uint64_t page_entry(uint64_t address, bool writable, bool executable);
uint64_t entry_address(uint64_t entry);

/* Translates SIZE bytes from VIRTUAL on, in whole pages. Ends the run if tables run out. */
void map(uint64_t virtual, uint64_t physical, uint64_t size, bool writable, bool executable);

/* The table of the highest level. */
extern uint64_t root[512];

/* What has to be done once to the architecture's own tables, when ROOT is whole. */
void prepare_tables(void);

/* ---- The end of the loader: <arch>.S ---- */

/* Assembly knows the places. */
struct handover {
	uint64_t root;
	uint64_t entry;
	uint64_t stack;
	uint64_t argument;
	uint64_t offset; /* HHDM */
};

/*
 * Leaves the CPU as the protocol says, at ENTRY, with ARGUMENT as the first argument; what the
 * protocol leaves open is set to what would show if the kernel relied on it.
 */
__attribute__((noreturn)) void limine_enter(const struct handover *handover);

/* The linker script's. */
extern char kernel_start[], kernel_end[];

#endif

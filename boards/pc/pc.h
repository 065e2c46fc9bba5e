/* SPDX-License-Identifier: 0BSD */
/* What the files of this board share, and what arch/x86_64/smp.c asks of it. */
#ifndef PC_H
#define PC_H

#include <stddef.h>
#include <stdint.h>

/* A free page below 640 KiB, for an AP to start from; 0 if there is none. */
uintptr_t pc_low_page(void);

/* Where the MADT says that the local APIC's registers are. */
uint64_t pc_lapic_address(void);

/* ---- Multiboot (multiboot.c) ---- */

/* Reads the information; returns NULL, or a sentence that says what is wrong. */
const char *multiboot_init(uintptr_t information);
const char *multiboot_command_line(void);

/* ---- ACPI (acpi.c, madt.c) ---- */

/* Tables are little-endian, and their fields not always aligned. */
static inline uint32_t le32(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The table with this signature, its checksum verified; NULL if there is none. */
const void *acpi_table(const char *signature);

/* As board_find_cpus, from a MADT. */
size_t madt_cpus(const void *madt, uint64_t *apic_ids, size_t max);
uint64_t madt_lapic_address(const void *madt);

#endif

/* SPDX-License-Identifier: 0BSD */
/* An ELF file in memory (System V gABI, "Object Files"). */
#ifndef ELF_H
#define ELF_H

#include <stdint.h>

/* From the loader's first byte to the file: tests/limine/limine.mk puts it there. */
#define FILE_DISTANCE 0x2000000

/*
 * Lays what FILE has to load at IMAGE, contiguously, and maps it at the addresses that it is linked
 * for, each segment with its rights. Returns the size, in whole pages. Ends the run if the file is
 * none that the protocol takes.
 */
uint64_t elf_load(const char *file, uint64_t image);

uint64_t elf_entry(const char *file);

#endif

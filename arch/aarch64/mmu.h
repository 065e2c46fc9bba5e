/* SPDX-License-Identifier: 0BSD */
/* For a board's map.S: entries of page tables (Arm ARM DDI 0487, "Block descriptor formats"). */
#ifndef MMU_H
#define MMU_H

#include <percpu/asm.h>

/* Indexes of MAIR_EL1, which mmu.S sets. */
#define MMU_DEVICE 0 /* Device-nGnRnE */
#define MMU_NORMAL 1 /* write-back, read- and write-allocate */

#define MMU_BLOCK 0x1
#define MMU_TABLE 0x3 /* an entry that is another table's address */
#define MMU_ATTRIBUTES(index) ((index) << 2)
#define MMU_INNER_SHAREABLE (3 << 8)
#define MMU_ACCESSED (1 << 10)

/*
 * EL2 without VHE has one privilege level, where bit 6 reads as 1 and bit 53 as 0; at EL1 bit 6
 * would let EL0 in, and make what EL0 can write not executable.
 */
#if PERCPU_ARM_EL == 2
#define MMU_LEVEL (1 << 6)
#define MMU_NOT_EXECUTABLE (1 << 54)
#else
#define MMU_LEVEL 0
#define MMU_NOT_EXECUTABLE (3 << 53) /* neither at EL1 nor at EL0 */
#endif

/*
 * What is added to the address of a block: 1 GiB, or 2 MiB in a table of the next level. Device
 * memory must not be executable: the CPU may fetch ahead from what is, and a read of a device may
 * do something.
 */
#define MMU_BLOCK_DEVICE                                                                           \
	(MMU_BLOCK | MMU_LEVEL | MMU_ATTRIBUTES(MMU_DEVICE) | MMU_ACCESSED | MMU_NOT_EXECUTABLE)
#define MMU_BLOCK_RAM                                                                              \
	(MMU_BLOCK | MMU_LEVEL | MMU_ATTRIBUTES(MMU_NORMAL) | MMU_INNER_SHAREABLE | MMU_ACCESSED)

#endif

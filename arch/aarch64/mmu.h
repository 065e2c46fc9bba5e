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
 * At EL1, and at EL2 with VHE, bit 6 lets EL0 in; and what EL0 can write, the kernel cannot
 * execute. So it is 0. EL2 without VHE is alone in its regime, where bit 6 has to be 1; and bit 53,
 * which keeps the kernel from executing while bit 54 keeps EL0, has to be 0.
 */
#define MMU_ALONE (mmu_alone << 6)
#define MMU_NOT_EXECUTABLE ((1 << 54) | (1 - mmu_alone) << 53)

/*
 * What is added to the address of a block, 1 GiB or in a table of the next level 2 MiB, in a macro
 * that mmu_tables is given. Device memory must not be executable: the CPU may fetch ahead from what
 * is, and a read of a device may do something.
 */
#define MMU_BLOCK_DEVICE                                                                           \
	(MMU_BLOCK | MMU_ALONE | MMU_ATTRIBUTES(MMU_DEVICE) | MMU_ACCESSED | MMU_NOT_EXECUTABLE)
#define MMU_BLOCK_RAM                                                                              \
	(MMU_BLOCK | MMU_ALONE | MMU_ATTRIBUTES(MMU_NORMAL) | MMU_INNER_SHAREABLE | MMU_ACCESSED)

#ifdef __ASSEMBLER__

/*
 * The tables of a kernel, from the macro \blocks, which lays out one: page_level1, and, since a
 * kernel for EL2 learns only when it runs whether it has VHE, page_level1_el2 for EL2 without.
 */
.macro mmu_tables blocks
mmu_alone = 0
	mmu_table page_level1, \blocks
#if PERCPU_IS_EL2
mmu_alone = 1
	mmu_table page_level1_el2, \blocks
#endif
.endm

/* One table, named \name. */
.macro mmu_table name, blocks
	.balign	4096
	.globl	\name
\name:
	\blocks
.endm

#endif
#endif

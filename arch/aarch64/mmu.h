/* SPDX-License-Identifier: 0BSD */
/* For a board's map.S: the blocks of page_level1 (Arm ARM DDI 0487, "Block descriptor formats"). */
#ifndef MMU_H
#define MMU_H

/* Indexes of MAIR_EL1, which mmu.S sets. */
#define MMU_DEVICE 0 /* Device-nGnRnE */
#define MMU_NORMAL 1 /* write-back, read- and write-allocate */

#define MMU_BLOCK 0x1
#define MMU_ATTRIBUTES(index) ((index) << 2)
#define MMU_INNER_SHAREABLE (3 << 8)
#define MMU_ACCESSED (1 << 10)
#define MMU_NOT_EXECUTABLE (3 << 53) /* at EL1 and EL0 */

/* What the second half adds to the address of a GiB. Device memory must not be executable: the CPU
 * may fetch ahead from what is, and a read of a device may do something. */
#define MMU_BLOCK_DEVICE                                                                           \
	(MMU_BLOCK | MMU_ATTRIBUTES(MMU_DEVICE) | MMU_ACCESSED | MMU_NOT_EXECUTABLE)
#define MMU_BLOCK_RAM (MMU_BLOCK | MMU_ATTRIBUTES(MMU_NORMAL) | MMU_INNER_SHAREABLE | MMU_ACCESSED)

#endif

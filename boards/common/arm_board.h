/* SPDX-License-Identifier: 0BSD */
/* What arm_board.c, which is most of a board.c, is given by each aarch64 board. */
#ifndef ARM_BOARD_H
#define ARM_BOARD_H

#include "fdt.h"

/* Where a device tree may be if x0 does not point to one; 0 if nowhere. */
extern const uintptr_t arm_board_other_tree;

/*
 * Called once, when TREE is open: finds what arm_board_off needs. The tree cannot be read again by
 * then, if the kernel has moved.
 */
void arm_board_init(const struct fdt *tree);

/* Turns the machine off. Returns if it cannot. */
void arm_board_off(void);

#endif

/* SPDX-License-Identifier: 0BSD */
/* QEMU's aarch64 "virt" machine: boards/common/arm_board.c, with firmware that has PSCI. */
#include <arch/aarch64/psci.h>
#include <boards/common/arm_board.h>

/* Where QEMU puts the tree for an image that it does not take for a Linux kernel: at RAM's start.
 */
const uintptr_t arm_board_other_tree = 0x40000000;

void arm_board_init(const struct fdt *tree)
{
	(void)tree; /* PSCI is arm_board.c's */
}

void arm_board_off(void)
{
	psci_call(PSCI_SYSTEM_OFF, 0, 0, 0);
}

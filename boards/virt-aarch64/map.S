/* SPDX-License-Identifier: 0BSD */
/*
 * The identity map of QEMU's aarch64 "virt" machine: devices in the first GiB, RAM from the second
 * on. Only the GiB with the kernel is mapped, and by map_ram that of the device tree; where nothing
 * is mapped the CPU does not fetch ahead.
 */
#include <arch/aarch64/mmu.h>

.macro blocks
	.quad	0x00000000 + MMU_BLOCK_DEVICE
	.quad	0x40000000 + MMU_BLOCK_RAM
	.skip	510 * 8
.endm

/* What stays of it when a kernel has moved to the higher half: the devices. */
.macro blocks_devices
	.quad	0x00000000 + MMU_BLOCK_DEVICE
	.skip	511 * 8
.endm

/* The console for a CPU that cannot read the device tree: boot.S. */
	.globl	board_pl011
	.set	board_pl011, 0x09000000

	.section .rodata
	mmu_tables blocks

	.section .rodata.page_level1_devices, "a"
mmu_alone = 0
	mmu_table page_level1_devices, blocks_devices

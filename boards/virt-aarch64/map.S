/* SPDX-License-Identifier: 0BSD */
/*
 * The identity map of QEMU's aarch64 "virt" machine: devices in the first GiB, RAM from the second
 * on. Only the GiB with the kernel is mapped, and by board.c that of the device tree; where nothing
 * is mapped the CPU does not fetch ahead.
 */
#include <arch/aarch64/mmu.h>

	.section .rodata
	.balign	4096
	.globl	page_level1
page_level1:
	.quad	0x00000000 + MMU_BLOCK_DEVICE
	.quad	0x40000000 + MMU_BLOCK_RAM
	.skip	510 * 8

/* What stays of it when a kernel has moved to the higher half: the devices. */
	.section .rodata.page_level1_devices, "a"
	.balign	4096
	.globl	page_level1_devices
page_level1_devices:
	.quad	0x00000000 + MMU_BLOCK_DEVICE
	.skip	511 * 8

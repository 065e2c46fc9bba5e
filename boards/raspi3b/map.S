/* SPDX-License-Identifier: 0BSD */
/*
 * The identity map of a Raspberry Pi 3: RAM and devices share the first GiB, so it is a table of
 * blocks of 2 MiB. RAM ends where the smallest part begins that the firmware keeps for the graphics
 * processor by default (gpu_mem=76); between there and the devices nothing is mapped, so that the
 * CPU does not fetch ahead from it.
 *
 * The first block holds the firmware's spin table, which the kernel writes to.
 */
#include <arch/aarch64/mmu.h>

#define RAM_END 0x3b400000
#define DEVICES 0x3f000000		/* the peripherals that /soc maps here, up to the GiB's end */
#define GIB 0x40000000
#define BLOCK 0x200000

.macro blocks start, end, attributes
	.set	block, \start
	.rept	(\end - \start) / BLOCK
	.quad	block + \attributes
	.set	block, block + BLOCK
	.endr
.endm

/* A level 1 table, and behind it the level 2 table of its first entry. */
.macro tables
	.quad	. + 4096 + MMU_TABLE
	.skip	511 * 8
	blocks	0, RAM_END, MMU_BLOCK_RAM
	.skip	(DEVICES - RAM_END) / BLOCK * 8
	blocks	DEVICES, GIB, MMU_BLOCK_DEVICE
.endm

/* What stays of it when a kernel has moved to the higher half: the devices. */
.macro tables_devices
	.quad	. + 4096 + MMU_TABLE
	.skip	511 * 8
	.skip	DEVICES / BLOCK * 8
	blocks	DEVICES, GIB, MMU_BLOCK_DEVICE
.endm

/* The console for a CPU that cannot read the device tree: boot.S. */
	.globl	board_pl011
	.set	board_pl011, 0x3f201000

	.section .rodata
	mmu_tables tables

	.section .rodata.page_level1_devices, "a"
mmu_alone = 0
	mmu_table page_level1_devices, tables_devices

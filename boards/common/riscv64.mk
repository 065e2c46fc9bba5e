# SPDX-License-Identifier: MIT
# What the riscv64 boards have in common: with firmware, FIRMWARE=sbi, and without, FIRMWARE=none.
# The level that the kernel runs at is the library's, and S-mode below firmware: C30 shows why.
BOARD_LEVEL      = $(if $(filter none,$(FIRMWARE)),$(PERCPU_RISCV_LEVEL),s)
# RAM starts at 0x80000000, where all harts come in. OpenSBI takes the first 2 MiB of it, and jumps
# to what comes after.
BOARD_LOAD_sbi  := 0x80200000
BOARD_LOAD_none := 0x80000000
BOARD_LOAD       = $(BOARD_LOAD_$(FIRMWARE))
BOARD_SOURCES_s := ../common/sbi_board.c
BOARD_SOURCES_m := ../common/m_board.c
BOARD_SOURCES    = $(BOARD_SOURCES_$(BOARD_LEVEL)) \
	$(addprefix ../common/,devices.c devicetree.c fdt.c nodes.c tree_nodes.c)
BOARD_BIOS_sbi  := default
BOARD_BIOS_none := none
BOARD_BIOS       = -bios $(BOARD_BIOS_$(FIRMWARE))
BOARD_QEMU      := qemu-system-riscv64
QEMU_PACKAGE    := qemu-system-riscv qemu-system-misc opensbi
BOARD_UNFIT      = $(if $(filter m,$(BOARD_LEVEL)),highhalf usermode)
BOARD_LACKS     := S-mode, whose page tables they use: take PERCPU_RISCV_LEVEL=s
# Builds that differ lie apart.
BOARD_VARIANT    = $(if $(filter none,$(FIRMWARE)),-$(BOARD_LEVEL))

# SPDX-License-Identifier: MIT
BOARD_ARCH      := riscv64
BOARD_LEVEL     := s
# RAM starts at 0x80000000; OpenSBI takes the first 2 MiB and jumps to what comes after.
BOARD_LOAD      := 0x80200000
BOARD_MAX_CPUS  := 128
BOARD_SOURCES   := ../common/sbi_board.c ../common/devicetree.c ../common/fdt.c
# What U-Boot's booti takes; QEMU takes it too.
BOARD_IMAGE     := bin
BOARD_QEMU      := qemu-system-riscv64
BOARD_QEMU_ARGS := -machine virt -m 256 -bios default
QEMU_PACKAGE    := qemu-system-riscv qemu-system-misc opensbi
# A library for M-mode traps here.
ifeq ($(PERCPU_RISCV_LEVEL),m)
BOARD_KERNELS   := none
BOARD_SCENARIOS := C30-library-for-m-mode
else
BOARD_SCENARIOS := C23-any-boot-hart C23-harts-astray C25-unknown-hart C25-running-hart \
	full-size highhalf-old-address C56-long-line \
	tree-repeated-cpu tree-disabled-cpu tree-no-mmu-type tree-no-timebase
endif
BOARD_LOADERS   := qemu qemu-elf u-boot

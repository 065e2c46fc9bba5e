# SPDX-License-Identifier: MIT
BOARD_ARCH      := riscv64
BOARD_LEVEL     := s
# As on virt-riscv64: RAM starts at 0x80000000, and OpenSBI takes the first 2 MiB.
BOARD_LOAD      := 0x80200000
# Four U54 harts, and hart 0, an E51: it has no S-mode and runs no kernel. QEMU wants at least two.
BOARD_MAX_CPUS  := 5
BOARD_MIN_CPUS  := 2
BOARD_SOURCES   := ../common/sbi_board.c ../common/devicetree.c ../common/fdt.c
BOARD_IMAGE     := elf
BOARD_QEMU      := qemu-system-riscv64
BOARD_QEMU_ARGS := -machine sifive_u -m 256 -bios default
QEMU_PACKAGE    := qemu-system-riscv qemu-system-misc opensbi
# The list of CPUs is what is worth its time here.
SMP := 2 5
BOARD_KERNELS   := smp
BOARD_SCENARIOS := C23-any-boot-hart C24-hart-without-s-mode

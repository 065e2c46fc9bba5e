# SPDX-License-Identifier: MIT
BOARD_ARCH      := riscv64
include boards/common/riscv64.mk
# Four U54 harts, and hart 0, an E51: it has no S-mode. QEMU wants at least two.
BOARD_MAX_CPUS  := 5
BOARD_MIN_CPUS  := 2
BOARD_IMAGE     := elf
BOARD_QEMU_ARGS  = -machine sifive_u -m 256 $(BOARD_BIOS)
# The list of CPUs is what is worth its time here.
SMP := $(if $(filter none,$(FIRMWARE)),5,2 5)
BOARD_KERNELS   := smp
BOARD_SCENARIOS  = $(if $(filter sbi,$(FIRMWARE)),C23-any-boot-hart) \
	$(if $(filter s,$(BOARD_LEVEL)),C24-hart-without-s-mode)

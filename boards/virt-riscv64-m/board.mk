# SPDX-License-Identifier: MIT
BOARD_ARCH      := riscv64
# Without firmware: all harts start in M-mode, at the start of RAM, and the kernel stays there.
BOARD_LEVEL     := m
BOARD_LOAD      := 0x80000000
BOARD_MAX_CPUS  := 128
BOARD_SOURCES   := board.c ../common/devicetree.c ../common/fdt.c
BOARD_IMAGE     := elf
BOARD_QEMU      := qemu-system-riscv64
BOARD_QEMU_ARGS := -machine virt -m 256 -bios none
QEMU_PACKAGE    := qemu-system-riscv qemu-system-misc
BOARD_UNFIT     := highhalf usermode
BOARD_LACKS     := S-mode, whose page tables they use: take PERCPU_RISCV_LEVEL=s
# A library for S-mode is named here, or, where it cannot be, is seen to lose updates.
ifeq ($(PERCPU_RISCV_LEVEL),s)
BOARD_KERNELS   := none
BOARD_SCENARIOS := C30-library-for-s-mode $(if $(filter none,$(PERCPU_PREEMPT)),\
	$(if $(filter sweep,$(KERNELS)),C30-switch-of-s-mode)) \
	$(if $(filter restart,$(PERCPU_PREEMPT)),,\
	$(if $(filter misuse,$(KERNELS)),C30-debug-sees-the-switch))
else
BOARD_SCENARIOS := C25-unknown-hart full-size tree-repeated-cpu \
	tree-no-clint tree-boot-hart-not-in-clint tree-hart-not-in-clint
endif

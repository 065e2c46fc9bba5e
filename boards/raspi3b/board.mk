# SPDX-License-Identifier: MIT
BOARD_ARCH      := aarch64
# RAM starts at 0; the Image header asks for 2 MiB from there. A real Pi's firmware does not look at
# the header in all its versions: kernel_address=0x200000 in config.txt.
BOARD_LOAD      := 0x200000
# Always four.
BOARD_MIN_CPUS  := 4
BOARD_MAX_CPUS  := 4
SMP             := 4
BOARD_SOURCES   := board.c map.S ../common/arm_board.c ../common/devicetree.c ../common/fdt.c \
	../common/nodes.c ../common/tree_nodes.c
BOARD_IMAGE     := bin
BOARD_TREE       = $(K)/raspi3b.dtb
BOARD_QEMU      := qemu-system-aarch64
BOARD_QEMU_ARGS  = -machine raspi3b -dtb $(BOARD_TREE)
QEMU_PACKAGE    := qemu-system-arm
# Its interrupt controllers are Broadcom's.
BOARD_UNFIT     := sweep preempt usermode module
BOARD_LACKS     := an interrupt controller that these kernels drive (GICv2, GICv3): take BOARD=virt-aarch64
BOARD_KERNELS   := hello smp fault highhalf
BOARD_SCENARIOS := C22-unknown-and-silent C22-no-slot hotplug-spin-table

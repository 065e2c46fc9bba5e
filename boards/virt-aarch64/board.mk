# SPDX-License-Identifier: MIT
BOARD_ARCH      := aarch64
# RAM starts at 0x40000000; the Image header asks for 2 MiB from there.
BOARD_LOAD      := 0x40200000
BOARD_MAX_CPUS  := 512
BOARD_SOURCES   := board.c map.S ../common/arm_board.c ../common/devicetree.c ../common/fdt.c \
	../common/nodes.c ../common/tree_nodes.c
# QEMU passes a device tree to a flat image with a Linux Image header, not to an ELF file.
BOARD_IMAGE     := bin
BOARD_QEMU      := qemu-system-aarch64
# A kernel for EL2 wants a machine that has it.
ARM_EL_SETTING  := $(if $(filter 2,$(PERCPU_ARM_EL)),$(comma)virtualization=on)
BOARD_QEMU_ARGS := -machine virt,gic-version=3$(ARM_EL_SETTING) -cpu $(if $(ARM_MARCH),max,cortex-a57) -m 256
QEMU_PACKAGE    := qemu-system-arm
BOARD_SCENARIOS := C20-affinity-1 gicv2 C52-gicv3 C52-gicv2 elf-file unknown-cpu running-cpu full-size \
	tree-repeated-cpu tree-disabled-cpu tree-impossible-cpu tree-too-many-cpus tree-no-cpus \
	tree-boot-cpu-missing tree-no-console C56-long-line C53-tree-crosses-gib C53-tree-at-512-gib \
	C57-no-tree C57-aarch32 C57-no-4k-pages C57-small-machine C57-no-clock-rate \
	C57-clock-rate-from-tree C57-clock-stands-still \
	$(if $(filter 2,$(PERCPU_ARM_EL)),C19-el1 C19-el3-to-el2 el2 el2-vhe \
	el2-vhe-interrupts hotplug-el3-to-el2,\
	C19-el2 C19-el2-vhe-cpu C19-el3 C19-el3-past-el2 C19-el3-silent-cpu C19-el3-image hotplug-el3 \
	gic-second-region gicv2-usermode C54-el3-gicv3 C54-el3-gicv2 \
	max-usermode max-el3 neoverse-v1-el3 cortex-a710-el3 highhalf-old-address)
BOARD_LOADERS   := qemu u-boot u-boot-2g

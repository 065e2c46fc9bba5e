# SPDX-License-Identifier: MIT
BOARD_ARCH      := riscv64
include boards/common/riscv64.mk
# As many as QEMU's machine has. Debian's OpenSBI serves 128 of them.
BOARD_MAX_CPUS  := 512
# What U-Boot's booti takes; QEMU takes it too.
BOARD_IMAGE     := bin
BOARD_QEMU_ARGS  = -machine virt -m 256 $(BOARD_BIOS)
BOARD_LOADERS    = $(if $(filter sbi,$(FIRMWARE)),qemu qemu-elf u-boot)
TREES           := tree-repeated-cpu tree-disabled-cpu tree-no-mmu-type tree-no-timebase
CPUS            := $(if $(filter highhalf,$(KERNELS)),highhalf-sv39 highhalf-sv48) \
	$(if $(filter usermode,$(KERNELS)),usermode-sv39 usermode-sv48) cpu-rva22s64 cpu-max aia
CLINT_TREES     := tree-no-clint tree-boot-hart-not-in-clint tree-hart-not-in-clint \
	C57-time-does-not-count
# By firmware, the kernel's level, and the library's. A library for the other level traps, is named,
# or, where it cannot be, is seen to lose updates.
SCENARIOS_sbi_s_s  := C23-any-boot-hart C23-harts-astray C25-unknown-hart C25-running-hart \
	C57-started-in-m-mode C57-too-little-memory \
	full-size highhalf-old-address C56-long-line $(CPUS) $(TREES)
SCENARIOS_sbi_s_m  := C30-library-for-m-mode
SCENARIOS_none_s_s := C57-started-in-s-mode C57-no-s-mode C57-too-little-memory \
	C23-any-boot-hart C25-unknown-hart C25-running-hart full-size $(CPUS) \
	tree-repeated-cpu $(CLINT_TREES)
SCENARIOS_none_m_m := C57-started-in-s-mode C57-too-little-memory \
	C25-unknown-hart C25-running-hart full-size tree-repeated-cpu $(CLINT_TREES)
SCENARIOS_none_m_s := C30-library-for-s-mode $(if $(filter none,$(PERCPU_PREEMPT)),\
	$(if $(filter sweep,$(KERNELS)),C30-switch-of-s-mode)) \
	$(if $(filter restart,$(PERCPU_PREEMPT)),,\
	$(if $(filter misuse,$(KERNELS)),C30-debug-sees-the-switch))
BOARD_LEVELS     = $(FIRMWARE)_$(BOARD_LEVEL)_$(PERCPU_RISCV_LEVEL)
BOARD_SCENARIOS  = $(SCENARIOS_$(BOARD_LEVELS))
# Below our own firmware, what bears on it; not what the library does.
BOARD_KERNELS    = $(BOARD_KERNELS_$(BOARD_LEVELS))
BOARD_KERNELS_none_s_s := hello smp fault highhalf usermode hotplug
BOARD_KERNELS_sbi_s_m  := none
BOARD_KERNELS_none_m_s := none

# SPDX-License-Identifier: MIT
# make boot-test: the image that QEMU loads, loaded by real boot loaders. Included by the Makefile
# for one architecture. The board names the loaders that there are for it: tests/boot/check.py. Then
# a kernel that knows what make install lays only, with the header of docs/loaders.md: own.py.

# It starts and judges as qemu-test does.
BOOT_PROVE = $(subst PYTHONPATH=tests,PYTHONPATH=tests:tests/qemu,$(PROVE))

OWN_LOADERS := $(filter qemu grub-multiboot2 u-boot,$(BOARD_LOADERS)) \
	$(if $(filter grub-multiboot2,$(BOARD_LOADERS)),grub-multiboot2-as-before)
BOOT_STAGE = $(abspath $(K))/boot/stage

# The loaders of the page's kernel, where that can be built.
BOOT_OWN = $(if $(strip $(filter-out image 1 s,$(PERCPU_VMA) $(PERCPU_ARM_EL) $(PERCPU_RISCV_LEVEL)) \
	$(filter hooks,$(PERCPU_PREEMPT))$(filter 1,$(PERCPU_DEBUG))),,$(strip $(OWN_LOADERS)))

boot-test: $(K)/smp.$(BOARD_IMAGE) ## the same kernel by GRUB under a BIOS and UEFI, by U-Boot
	$(if $(filter smp,$(PERCPU_MODE)),,$(error boot-test needs PERCPU_MODE=smp: it runs kernel smp))
	$(if $(BOARD_LOADERS),,$(error there is no boot loader for $(BOARD): its board.mk has no BOARD_LOADERS))
	$(if $(filter grub%,$(BOARD_LOADERS)),$(call need,grub-mkrescue,grub-common grub-pc-bin grub-efi-amd64-bin \
		ovmf xorriso mtools),$(call need,mformat,mtools u-boot-qemu))
	$(call need,$(PKG_CONFIG),pkg-config)
	$(Q)$(TEST_MACHINE) $(BOOT_PROVE) --exec '$(PYTHON) tests/boot/check.py' $(BOARD_LOADERS)
	$(if $(BOOT_OWN),$(Q)$(MAKE) ARCH=$(ARCH) BOARD=$(BOARD) ARCH_ABIS= DESTDIR=$(BOOT_STAGE) \
		PREFIX=/opt/percpu install)
	$(if $(BOOT_OWN),$(Q)$(TEST_MACHINE) TEST_CC='$(CC)' TEST_LD='$(LD)' TEST_OBJCOPY='$(OBJCOPY)' \
		TEST_TRIPLE='$(TRIPLE)' TEST_STAGE='$(BOOT_STAGE)' \
		$(BOOT_PROVE) --exec '$(PYTHON) tests/boot/own.py' $(BOOT_OWN))

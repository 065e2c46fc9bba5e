# SPDX-License-Identifier: MIT
# make boot-test: the image that QEMU loads, loaded by real boot loaders. Included by the Makefile
# for one architecture. The board names the loaders that there are for it: tests/boot/check.py.

# It starts and judges as qemu-test does.
BOOT_PROVE = $(subst PYTHONPATH=tests,PYTHONPATH=tests:tests/qemu,$(PROVE))

boot-test: $(K)/smp.$(BOARD_IMAGE) ## the same kernel by GRUB under a BIOS and UEFI, by U-Boot
	$(if $(filter smp,$(PERCPU_MODE)),,$(error boot-test needs PERCPU_MODE=smp: it runs kernel smp))
	$(if $(BOARD_LOADERS),,$(error there is no boot loader for $(BOARD): its board.mk has no BOARD_LOADERS))
	$(if $(filter grub%,$(BOARD_LOADERS)),$(call need,grub-mkrescue,grub-common grub-pc-bin grub-efi-amd64-bin \
		ovmf xorriso mtools),$(call need,mformat,mtools u-boot-qemu))
	$(Q)$(TEST_MACHINE) $(BOOT_PROVE) --exec '$(PYTHON) tests/boot/check.py' $(BOARD_LOADERS)

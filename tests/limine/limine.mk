# SPDX-License-Identifier: MIT
# make limine-test: the kernel that docs/limine.md is made of, loaded by a loader of ours that leaves
# the machine as Limine does. Included by the Makefile for one architecture. The loader is a kernel
# of this tree; the other one is built from the page, with what make install lays.

LIMINE_LOADER := $(K)/limine.elf
LIMINE_OBJECTS := $(call objects,$(wildcard tests/limine/loader/*.c) \
	$(addprefix tests/limine/loader/$(ARCH)/,entries.c enter.S))
# Private: the flags that $(FLAGS) notes are those of all.
$(LIMINE_OBJECTS): private KERNEL_CFLAGS += -Itests/limine/loader/$(ARCH)

$(LIMINE_LOADER): $(LIMINE_OBJECTS) $(PLATFORM_OBJECTS) $(LIBRARY) $(FLAGS) $(wildcard ldscripts/*.ld)
	$(call say,LD,$@)$(LD) $(KERNEL_LDFLAGS) -o $@ $(filter %.o,$^) $(LIBRARY)

# FILE_DISTANCE in tests/limine/loader/elf.h above the loader.
LIMINE_FILE = $(shell echo $$(($(BOARD_LOAD) + 0x2000000)))

limine-test: $(K)/limine.$(BOARD_IMAGE) library ## the kernel of docs/limine.md, as Limine would enter it
	$(if $(strip $(filter-out smp image 1 s,$(PERCPU_MODE) $(PERCPU_VMA) $(PERCPU_ARM_EL) $(PERCPU_RISCV_LEVEL))\
		$(filter hooks,$(PERCPU_PREEMPT))$(filter 1,$(PERCPU_DEBUG))),\
		$(error limine-test needs PERCPU_MODE=smp, PERCPU_VMA=image, PERCPU_ARM_EL=1 and \
		PERCPU_RISCV_LEVEL=s, for Limine enters kernels at EL1 or in S-mode; and no hooks or \
		PERCPU_DEBUG=1, for the page's kernel has no functions for these))
	$(call need,$(BOARD_QEMU),$(QEMU_PACKAGE))
	$(call need,$(PKG_CONFIG),pkg-config)
	$(Q)rm -rf $(B)/limine
	$(Q)$(MAKE) ARCH=$(ARCH) BOARD=$(BOARD) ARCH_ABIS= DESTDIR=$(abspath $(B))/limine/stage \
		PREFIX=/opt/percpu install
	$(Q)TEST_ARCH='$(ARCH)' TEST_TRIPLE='$(TRIPLE)' TEST_CC='$(CC)' TEST_LD='$(LD)' \
		TEST_OUT='$(abspath $(B))/limine' TEST_LOADER='$(K)/limine.$(BOARD_IMAGE)' \
		TEST_FILE='$(LIMINE_FILE)' TEST_QEMU='$(QEMU) $(ACCEL)' TEST_TIMEOUT='$(QEMU_TIMEOUT)' \
		$(PROVE) --exec '$(PYTHON) tests/limine/check.py' $(ARCH)

-include $(LIMINE_OBJECTS:.o=.d)

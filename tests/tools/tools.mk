# SPDX-License-Identifier: MIT
# make tools-test: what users run on their own kernels. Included by the Makefile for one
# architecture. A program of tests/tools for each tool, and the names of its groups.

TOOLS_CHECK := image cleared libraries accesses registers command bad kernels
# For PERCPU_PREEMPT restart, and the kernels for it.
TOOLS_RESTART := sequences kernels

# What the tests need: the toolchain and the library, and where kernels are.
TOOLS_SETTINGS = TEST_ARCH='$(ARCH)' TEST_CC='$(CC)' TEST_LD='$(LD)' TEST_LDFLAGS='$(ARCH_LDFLAGS)' \
	TEST_CFLAGS='$(OPT) $(ARCH_CFLAGS) -I$(B)/include -Iinclude -Iports/$(ARCH)' \
	TEST_LIBRARY='$(LIBRARY)' TEST_CONFIG='$(CONFIG)' TEST_SCRIPTS=ldscripts \
	TEST_LOAD='$(BOARD_LOAD)' TEST_OUT='$(B)/tools' TEST_OBJCOPY='$(OBJCOPY)' \
	TEST_KERNELS='$(K) $(B)/install' TEST_PARTIAL_LDS='$(TRIPLE)-ld ld.lld-$(LLVM_VERSION)'

TOOLS_BOTH ?= 1
tools-test: library kernels ## percpu-check on wrong kernels, on right ones, and on what is none
	$(if $(filter smp,$(PERCPU_MODE)),,$(error tools-test needs PERCPU_MODE=smp: percpu-check \
		has little to look at in the other))
	$(Q)$(TOOLS_SETTINGS) $(PROVE) --exec '$(PYTHON) tests/tools/percpu_check.py' \
		$(if $(filter restart,$(PERCPU_PREEMPT)),$(TOOLS_RESTART),$(TOOLS_CHECK))
	$(if $(filter restart 0,$(PERCPU_PREEMPT) $(TOOLS_BOTH)),,$(Q)$(MAKE) ARCH=$(ARCH) BOARD=$(BOARD) \
		PERCPU_PREEMPT=restart O=$(O)/restart tools-test)

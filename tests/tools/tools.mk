# SPDX-License-Identifier: MIT
# make tools-test: what users run on their own kernels. Included by the Makefile for one
# architecture. tests/tools has a program for each tool; these are the names of its groups,
# none of which may be a directory's: prove would look for tests in there.

TOOLS_CHECK := image cleared libraries accesses registers silence command bad built
# For PERCPU_PREEMPT restart, and its kernels.
TOOLS_RESTART := sequences built

# The toolchain and the library, and where kernels are.
TOOLS_SETTINGS = TEST_ARCH='$(ARCH)' TEST_CC='$(CC)' TEST_LD='$(LD)' \
	TEST_LDFLAGS='$(ARCH_LDFLAGS)' \
	TEST_CFLAGS='$(OPT) $(ARCH_CFLAGS) -I$(B)/include -Iinclude -Iports/$(ARCH)' \
	TEST_LIBRARY='$(LIBRARY)' TEST_CONFIG='$(CONFIG)' TEST_SCRIPTS=ldscripts \
	TEST_LOAD='$(BOARD_LOAD)' TEST_OUT='$(B)/tools' TEST_OBJCOPY='$(OBJCOPY)' \
	TEST_KERNELS='$(K) $(B)/install'

tools-test: library kernels ## percpu-check on wrong kernels, on right ones, and on what is none
	$(if $(filter smp,$(PERCPU_MODE)),,$(error tools-test needs PERCPU_MODE=smp: in the other \
		percpu-check has little to look at))
	$(Q)$(TOOLS_SETTINGS) $(PROVE) --exec '$(PYTHON) tests/tools/percpu_check.py' \
		$(if $(filter restart,$(PERCPU_PREEMPT)),$(TOOLS_RESTART),$(TOOLS_CHECK))
	$(if $(filter restart,$(PERCPU_PREEMPT)),,$(Q)$(MAKE) ARCH=$(ARCH) BOARD=$(BOARD) \
		PERCPU_PREEMPT=restart O=$(O)/restart tools-test)

# SPDX-License-Identifier: MIT
# make intree-test, for one architecture and compiler: kernels that build the library themselves.
# Included by the Makefile, behind tools/install.mk. The logs are in build/<triple>/intree/<test>.

T := $(abspath $(B))/intree

INTREE_TESTS := make cmake package meson by-hand make-refuses cmake-refuses meson-refuses flags

intree-test: ## build the library inside a kernel by Make, CMake and Meson, and boot that
	$(call need,cmake,cmake)
	$(call need,meson,meson)
	$(call need,ninja,ninja-build)
	$(call need,$(PKG_CONFIG),pkg-config)
	$(call need,$(BOARD_QEMU),$(QEMU_PACKAGE))
	$(Q)rm -rf $(T)
	$(Q)MAKEFLAGS= MAKEOVERRIDES= TEST_ARCH='$(ARCH)' TEST_TRIPLE='$(TRIPLE)' TEST_ABIS='' \
		TEST_CC='$(CC)' TEST_CXX='$(CXX)' TEST_LD='$(LD)' TEST_AR='$(AR)' \
		TEST_OBJCOPY='$(OBJCOPY)' TEST_PKG_CONFIG='$(PKG_CONFIG)' TEST_STAGE= TEST_PREFIX= \
		TEST_OUT='$(T)' TEST_INSTALL='$(INSTALL_MAKE)' \
		$(PROVE) --exec '$(PYTHON) tests/intree/check.py' $(INTREE_TESTS)

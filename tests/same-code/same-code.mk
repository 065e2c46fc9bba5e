# SPDX-License-Identifier: MIT
# make same-code: whether a change that is to move code about has changed any. Included by the
# Makefile for one architecture and compiler. It is run by hand, with BASE, a commit or a folder, and
# takes minutes for each architecture; SAME_CODE says which configurations if not all. What make
# check runs is same-code-test, which shows that it sees what it should.

BASE      ?=
SAME_CODE ?=

SAME_CODE_ENVIRONMENT = TEST_MAKE='JOBS=$(JOBS) $(if $(LLVM),LLVM=$(LLVM) LLVM_VERSION=$(LLVM_VERSION))'

same-code: ## whether this tree's machine code is that of BASE, a commit or a folder
	$(if $(BASE),,$(error make same-code compares with another tree: give BASE=, a commit or a folder))
	$(Q)TEST_BASE='$(BASE)' TEST_OUT='$(O)/same-code' $(SAME_CODE_ENVIRONMENT) $(PROVE) --jobs 1 \
		--exec '$(PYTHON) tests/same-code/run.py' \
		$(or $(SAME_CODE:%=$(ARCH):%),$(ARCH))

# RESTART_CONFIG is codegen.mk's.
same-code-test: $(RESTART_CONFIG) ## that make same-code sees a change, and nothing where there is none
	$(Q)TEST_CC='$(CC) -std=gnu11 -O2 -ffreestanding $(ARCH_CFLAGS) -Iinclude -Iports/$(ARCH)' \
		TEST_CONFIG='$(RESTART_CONFIG)' TEST_OUT='$(O)/same-code-test' $(SAME_CODE_ENVIRONMENT) \
		$(PROVE) --exec '$(PYTHON) tests/same-code/check.py' $(ARCH)

# SPDX-License-Identifier: MIT
# make porting-test: the ports that docs/porting.md makes, in an empty folder, built and run. They
# are for riscv64. Included by the Makefile.

.PHONY: porting-test
porting-test: ## make docs/porting.md's ports, and run kernels with them
	$(Q)TEST_OUT='$(O)/porting' TEST_JOBS='$(JOBS)' \
		TEST_MAKE='$(if $(LLVM),LLVM=$(LLVM) LLVM_VERSION=$(LLVM_VERSION))' \
		$(PROVE) --exec '$(PYTHON) tests/porting/check.py' first table

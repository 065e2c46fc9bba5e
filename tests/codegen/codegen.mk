# SPDX-License-Identifier: MIT
# make codegen-test: what the compiler makes of the header, the library and the kernels. Included by
# the Makefile for one architecture and compiler.

C := $(B)/codegen
CODEGEN_INCLUDES := -I$(B)/include -Iinclude -Iarch/$(ARCH)

# As the kernels are compiled, but at -O2 whatever OPT says: the golden figures are for that.
CODEGEN_CFLAGS := $(KERNEL_CFLAGS) -O2 -Wno-missing-prototypes
# As a user may compile: with no flag of ours.
USER_CFLAGS := -std=gnu11 -ffreestanding $(CODEGEN_INCLUDES)
CODEGEN_CXXFLAGS := -std=c++17 -O2 -Wall -Wextra -Werror -ffreestanding -fno-exceptions -fno-rtti \
	-fno-asynchronous-unwind-tables -ffunction-sections $(ARCH_CFLAGS) $(CODEGEN_INCLUDES)

ifdef LLVM
CXX := clang++-$(LLVM_VERSION) --target=$(TRIPLE)
else
CXX := $(TRIPLE)-g++
endif

USER_LEVELS := O0 Os O3
CODEGEN_OBJECTS := $(addprefix $(C)/,operations.o order.o every_operation.o \
	$(USER_LEVELS:%=user-%.o) \
	$(if $(shell command -v $(firstword $(CXX))),cplusplus.o))
CODEGEN_HEADERS := $(wildcard include/*.h include/percpu/*.h arch/$(ARCH)/*.h)

$(CODEGEN_OBJECTS): $(CONFIG) $(FLAGS) $(CODEGEN_HEADERS) tests/codegen/codegen.mk | $(C)
$(C):
	@mkdir -p $@

$(C)/%.o: tests/codegen/%.c
	$(call say,CC,$@)$(CC) $(CODEGEN_CFLAGS) -c $< -o $@

$(C)/user-%.o: tests/codegen/every_operation.c
	$(call say,CC,$@)$(CC) $(USER_CFLAGS) -$* -c $< -o $@

$(C)/%.o: tests/codegen/%.cc
	$(call say,CXX,$@)$(CXX) $(CODEGEN_CXXFLAGS) -c $< -o $@

# The library and the kernels at each level, each in a build directory of its own.
IMAGE_LEVELS := O0 O2 Os
.PHONY: $(IMAGE_LEVELS:%=codegen-images-%)
$(IMAGE_LEVELS:%=codegen-images-%): codegen-images-%:
	$(Q)$(MAKE) --no-print-directory ARCH=$(ARCH) BOARD=$(BOARD) O=$(C)/$* OPT=-$* all

CODEGEN_CHECKS := counts order widths registers library publication cplusplus images

codegen-test: $(CODEGEN_OBJECTS) $(IMAGE_LEVELS:%=codegen-images-%) ## look at the compilers' output
	$(Q)TEST_ARCH='$(ARCH)' TEST_COMPILER='$(if $(LLVM),clang,gcc)' TEST_BOARD='$(BOARD)' \
		TEST_OBJDUMP='$(TRIPLE)-objdump' TEST_OBJECTS='$(C)' \
		TEST_BUILDS='$(IMAGE_LEVELS:%=$(C)/%/$(TRIPLE))' \
		$(PROVE) --exec '$(PYTHON) tests/codegen/check.py' $(CODEGEN_CHECKS)

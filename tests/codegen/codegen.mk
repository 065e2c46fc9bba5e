# SPDX-License-Identifier: MIT
# make codegen-test: what the compiler makes of the header, the library and the kernels. Included by
# the Makefile for one architecture and compiler.

C := $(B)/codegen
CODEGEN_INCLUDES := -I$(B)/include -Iinclude -Iports/$(ARCH)

# As the kernels are compiled, but at -O2 whatever OPT says: the golden figures are for that.
CODEGEN_CFLAGS := $(KERNEL_CFLAGS) -O2 -Wno-missing-prototypes
# As a user may compile: with no flag of ours.
USER_CFLAGS = -std=gnu11 -ffreestanding $(CODEGEN_INCLUDES)
CODEGEN_CXXFLAGS = -std=c++17 -O2 -Wall -Wextra -Werror -ffreestanding -fno-pie -fno-exceptions -fno-rtti \
	-fno-asynchronous-unwind-tables -ffunction-sections $(ARCH_CFLAGS) $(CODEGEN_INCLUDES)

ifdef LLVM
CXX := clang++-$(LLVM_VERSION) --target=$(TRIPLE)
else
CXX := $(TRIPLE)-g++
endif

USER_LEVELS := O0 Os O3
CODEGEN_SOURCES := operations.o handles.o order.o every_operation.o blocks.o \
	$(if $(shell command -v $(firstword $(CXX))),cplusplus.o face.o)
# Where code for a static PIE is another.
PIE_SOURCES := $(if $(ARCH_PIE_CFLAGS),$(filter-out cplusplus.o face.o blocks.o,$(CODEGEN_SOURCES)))
CODEGEN_OBJECTS := $(addprefix $(C)/,$(CODEGEN_SOURCES) $(CODEGEN_SOURCES:%=restart/%) \
	$(PIE_SOURCES:%=pie/%) $(PIE_SOURCES:%=restart/pie/%) \
	$(USER_LEVELS:%=user-%.o) $(USER_LEVELS:%=restart/user-%.o))
# By themselves: what is linked has the operations' sequences only.
CODEGEN_CACHE := $(C)/cache.o $(C)/restart/cache.o
# The library's own source, as a kernel may build it that takes it in, with its builtins.
TAKEN_IN := $(LIB_SOURCES:%.c=$(C)/taken-in/%.o)
CODEGEN_HEADERS := $(wildcard include/*.h include/*.hpp include/percpu/*.h ports/$(ARCH)/*.h)

# The configuration, but with PERCPU_PREEMPT restart.
RESTART_CONFIG := $(C)/restart/config.h
$(RESTART_CONFIG): $(CONFIG) tests/codegen/codegen.mk
	@mkdir -p $(@D)
	@sed '/PERCPU_PREEMPT/s/[a-z]*$$/restart/' $< > $@
$(C)/restart/%.o: CODEGEN_INCLUDES += -DPERCPU_CONFIG_FILE='"$(abspath $(RESTART_CONFIG))"'
$(C)/restart/%.o: CODEGEN_CFLAGS += -DPERCPU_CONFIG_FILE='"$(abspath $(RESTART_CONFIG))"'

$(C)/pie/%.o $(C)/restart/pie/%.o: CODEGEN_CFLAGS += $(ARCH_PIE_CFLAGS)

$(CODEGEN_OBJECTS) $(CODEGEN_CACHE) $(TAKEN_IN): $(CONFIG) $(RESTART_CONFIG) $(FLAGS) $(CODEGEN_HEADERS) \
	tests/codegen/codegen.mk

# $(1) is empty, or restart/, pie/ or restart/pie/.
define CODEGEN_RULES
$$(C)/$(1)%.o: tests/codegen/%.c
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)$$(CC) $$(CODEGEN_CFLAGS) -c $$< -o $$@

$$(C)/$(1)user-%.o: tests/codegen/every_operation.c
	$$(call say,CC,$$@)$$(CC) $$(USER_CFLAGS) -$$* -c $$< -o $$@

$$(C)/$(1)%.o: tests/codegen/%.cc
	$$(call say,CXX,$$@)$$(CXX) $$(CODEGEN_CXXFLAGS) -c $$< -o $$@
endef
$(foreach place,restart/ pie/ restart/pie/,$(eval $(call CODEGEN_RULES,$(place))))
$(eval $(call CODEGEN_RULES))

$(C)/taken-in/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) $(USER_CFLAGS) -fbuiltin -O3 -c $< -o $@

# The library and the kernels at each level, each in a build directory of its own.
IMAGE_LEVELS := O0 O2 Os
.PHONY: $(IMAGE_LEVELS:%=codegen-images-%)
$(IMAGE_LEVELS:%=codegen-images-%): codegen-images-%:
	$(Q)$(MAKE) --no-print-directory ARCH=$(ARCH) BOARD=$(BOARD) O=$(C)/$* OPT=-$* all

# The library of the default configuration, in two modes: what its size is a promise for.
TEXT_MODES := none restart
.PHONY: $(TEXT_MODES:%=codegen-text-%)
$(TEXT_MODES:%=codegen-text-%): codegen-text-%:
	$(Q)$(MAKE) --no-print-directory ARCH=$(ARCH) PERCPU_PREEMPT=$* PERCPU_MODE=smp \
		PERCPU_VMA=image PERCPU_DEBUG=0 O=$(C)/text/$* OPT=-O2 library

# The linker collects and sorts the table of sequences.
CODEGEN_LINKED := $(C)/restart/linked.elf $(if $(PIE_SOURCES),$(C)/restart/pie/linked.elf)
$(C)/restart/linked.elf: $(addprefix $(C)/restart/,$(CODEGEN_SOURCES))
$(C)/restart/pie/linked.elf: $(addprefix $(C)/restart/pie/,$(PIE_SOURCES))
$(CODEGEN_LINKED): tests/codegen/linked.ld ldscripts/percpu.ld
	$(call say,LD,$@)$(LD) $(ARCH_LDFLAGS) -static -L ldscripts -T tests/codegen/linked.ld \
		--unresolved-symbols=ignore-all -z muldefs -o $@ $(filter %.o,$^)

CODEGEN_CHECKS := counts order widths registers library publication cplusplus images barriers \
	blocks cache $(addsuffix -restart,blocks cache counts order widths cplusplus sequences) \
	$(if $(PIE_SOURCES),$(addsuffix -pie,pie order widths) \
		$(addsuffix -restart-pie,pie order widths sequences))

CODEGEN_BUILT := $(CODEGEN_OBJECTS) $(CODEGEN_CACHE) $(TAKEN_IN) $(CODEGEN_LINKED) \
	$(IMAGE_LEVELS:%=codegen-images-%) $(TEXT_MODES:%=codegen-text-%)
codegen-test: $(CODEGEN_BUILT) ## look at the compilers' output
	$(Q)TEST_ARCH='$(ARCH)' TEST_COMPILER='$(if $(LLVM),clang,gcc)' TEST_BOARD='$(BOARD)' \
		TEST_OBJDUMP='$(TRIPLE)-objdump' TEST_OBJECTS='$(C)' TEST_TAKEN_IN='$(TAKEN_IN)' \
		TEST_LIBRARIES='$(foreach m,$(TEXT_MODES),$(m)=$(C)/text/$(m)/$(TRIPLE)/libpercpu.a)' \
		TEST_BUILDS='$(IMAGE_LEVELS:%=$(C)/%/$(TRIPLE))' \
		$(PROVE) --exec '$(PYTHON) tests/codegen/check.py' $(CODEGEN_CHECKS)

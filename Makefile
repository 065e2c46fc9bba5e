# SPDX-License-Identifier: MIT
# One makefile for everything. Values are in config.mk, facts of an architecture in arch/*/arch.mk,
# of a machine in boards/*/board.mk. make help says what there is.

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:
SHELL := /bin/sh

include config.mk

ARCHS   := x86_64 aarch64 riscv64
KERNELS := $(notdir $(patsubst %/main.c,%,$(wildcard kernels/*/main.c)))
BOARDS  := $(notdir $(patsubst %/board.mk,%,$(wildcard boards/*/board.mk)))

# What is run, what is asked for, and the names that make sense.
ARCH  ?=
BOARD ?=
KERNEL ?=

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s %s\n' '$(1)' '$(2)';)

one-of = $(if $($(1)),$(if $(filter $(2),$($(1))),,$(error There is no $(1) $($(1)): take one of $(2))))
$(call one-of,ARCH,$(ARCHS))
$(call one-of,BOARD,$(BOARDS))
$(call one-of,KERNEL,$(KERNELS))

PROVE := prove --jobs $(JOBS) $(if $(V),--verbose)

# ---- Goals that are for no architecture ----
.PHONY: help clean lint unit-test link-test mutation-test check setup

# Goals for an architecture, or for each where ARCH is not given.
PER_ARCH := all library kernels qemu-test qemu-run codegen-test elf-test
.PHONY: $(PER_ARCH)

.DEFAULT_GOAL := all

ifeq ($(ARCH)$(BOARD),)

$(PER_ARCH):
	$(Q)for arch in $(ARCHS); do $(MAKE) ARCH=$$arch $@ || exit 1; done

else

# ---- One architecture ----
ifneq ($(BOARD),)
include boards/$(BOARD)/board.mk
ARCH := $(or $(ARCH),$(BOARD_ARCH))
include arch/$(ARCH)/arch.mk
else
include arch/$(ARCH)/arch.mk
BOARD := $(DEFAULT_BOARD)
include boards/$(BOARD)/board.mk
endif
ifneq ($(BOARD_ARCH),$(ARCH))
$(error BOARD $(BOARD) is a machine for $(BOARD_ARCH), not for ARCH $(ARCH): leave one of them out)
endif

B := $(O)/$(TRIPLE)

ifdef LLVM
CC      := clang-$(LLVM_VERSION) --target=$(TRIPLE)
AR      := llvm-ar-$(LLVM_VERSION)
LD      := ld.lld-$(LLVM_VERSION)
OBJCOPY := llvm-objcopy-$(LLVM_VERSION)
OBJDUMP := llvm-objdump-$(LLVM_VERSION)
COMPILER_PACKAGE := clang-$(LLVM_VERSION) lld-$(LLVM_VERSION) llvm-$(LLVM_VERSION)
else
CC      := $(TRIPLE)-gcc
AR      := $(TRIPLE)-ar
LD      := $(TRIPLE)-ld
OBJCOPY := $(TRIPLE)-objcopy
OBJDUMP := $(TRIPLE)-objdump
COMPILER_PACKAGE := $(GCC_PACKAGE)
endif

need = $(if $(shell command -v $(firstword $(1))),,\
	$(error $(firstword $(1)) is not installed: run tools/setup, or apt-get install $(2)))
$(call need,$(CC),$(COMPILER_PACKAGE))

WARNINGS := -Wall -Wextra -Wconversion -Wmissing-prototypes -Wundef $(WERROR)
COMMON_CFLAGS := -std=gnu11 $(OPT) -g -ffreestanding -fno-stack-protector -fno-common \
	-fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections -fvisibility=hidden \
	$(ARCH_CFLAGS) $(WARNINGS) -I$(B)/include -Iinclude -Iarch/$(ARCH) -MMD -MP
# The library calls nothing, not even memcpy; position-independent, so that it fits any kernel.
LIB_CFLAGS := $(COMMON_CFLAGS) -fpie -fno-builtin $(if $(LLVM),,-fno-tree-loop-distribute-patterns)
KERNEL_CFLAGS := $(COMMON_CFLAGS) -fno-pie $(ARCH_KERNEL_CFLAGS) -I. -DMAX_CPUS=$(BOARD_MAX_CPUS)
KERNEL_LDFLAGS := $(ARCH_LDFLAGS) -static -nostdlib --no-dynamic-linker --gc-sections \
	--build-id=none --orphan-handling=error --fatal-warnings -z noexecstack \
	--defsym=LOAD_ADDRESS=$(BOARD_LOAD) --defsym=CPU_NUM=$(BOARD_MAX_CPUS) \
	-L ldscripts -T ldscripts/kernel.ld

LIB_SOURCES := $(wildcard lib/*.c)
LIB_OBJECTS := $(LIB_SOURCES:%.c=$(B)/%.o)
LIBRARY     := $(B)/libpercpu.a

PLATFORM_SOURCES := $(wildcard kernels/common/*.c) $(addprefix arch/$(ARCH)/,$(ARCH_SOURCES)) \
	$(patsubst boards/$(BOARD)/../%,boards/%,$(addprefix boards/$(BOARD)/,$(BOARD_SOURCES)))
K := $(B)/$(BOARD)
objects = $(1:%=$(K)/%.o)
PLATFORM_OBJECTS := $(call objects,$(PLATFORM_SOURCES))
KERNEL_ELFS := $(KERNELS:%=$(K)/%.elf)
IMAGES := $(KERNELS:%=$(K)/%.$(BOARD_IMAGE))

all: library kernels
library: $(LIBRARY)
kernels: $(IMAGES)

# ---- Compiling ----

# Written only when what it says changes: whatever depends on it is built anew then.
CONFIG := $(B)/include/percpu/config.h
$(CONFIG): config.mk FORCE
	@mkdir -p $(@D)
	@{ echo '/* Made by make from config.mk. */'; \
	  echo '#define PERCPU_MODE $(PERCPU_MODE)'; \
	  echo '#define PERCPU_PREEMPT $(PERCPU_PREEMPT)'; \
	  echo '#define PERCPU_VMA $(PERCPU_VMA)'; \
	  echo '#define PERCPU_ARM_EL $(PERCPU_ARM_EL)'; \
	  echo '#define PERCPU_RISCV_REG $(PERCPU_RISCV_REG)'; \
	  echo '#define PERCPU_DEBUG $(PERCPU_DEBUG)'; \
	  echo '#define PERCPU_CACHE_LINE $(PERCPU_CACHE_LINE)'; } > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

FLAGS := $(B)/flags
$(FLAGS): FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(LIB_CFLAGS) $(KERNEL_CFLAGS) $(KERNEL_LDFLAGS)' > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

.PHONY: FORCE
FORCE:

$(LIB_OBJECTS): $(B)/%.o: %.c $(CONFIG) $(FLAGS)
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) $(LIB_CFLAGS) -c $< -o $@

$(LIBRARY): $(LIB_OBJECTS)
	$(call say,AR,$@)rm -f $@ && $(AR) rcsD $@ $(LIB_OBJECTS)

$(K)/%.c.o: %.c $(CONFIG) $(FLAGS)
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) $(KERNEL_CFLAGS) -c $< -o $@

$(K)/%.S.o: %.S $(CONFIG) $(FLAGS)
	@mkdir -p $(@D)
	$(call say,AS,$@)$(CC) $(KERNEL_CFLAGS) -c $< -o $@

# memcpy and its kin must not become calls of themselves.
$(K)/kernels/common/string.c.o: KERNEL_CFLAGS += -fno-builtin \
	$(if $(LLVM),,-fno-tree-loop-distribute-patterns)

kernel-objects = $(call objects,$(wildcard kernels/$(1)/*.c))
.SECONDEXPANSION:
$(KERNEL_ELFS): $(K)/%.elf: $$(call kernel-objects,$$*) $(PLATFORM_OBJECTS) $(LIBRARY) \
		$(wildcard ldscripts/*.ld)
	$(call say,LD,$@)$(LD) $(KERNEL_LDFLAGS) -o $@ $(filter %.o %.a,$^)

$(K)/%.bin: $(K)/%.elf
	$(call say,OBJCOPY,$@)$(OBJCOPY) -O binary $< $@

# ---- Running ----

QEMU := $(BOARD_QEMU) $(BOARD_QEMU_ARGS) -accel tcg -display none -serial stdio -monitor none \
	-nic none -no-reboot
$(if $(filter qemu-%,$(MAKECMDGOALS)),$(call need,$(BOARD_QEMU),$(QEMU_PACKAGE)))

# Without KERNEL, every kernel and every scenario; with it, that kernel at SMP CPUs.
SCENARIOS := $(if $(KERNEL),,$(BOARD_SCENARIOS))
RUNS := $(foreach kernel,$(or $(KERNEL),$(KERNELS)),$(SMP:%=$(kernel)@%)) $(SCENARIOS)

qemu-test: kernels $(if $(filter grub-iso,$(SCENARIOS)),$(K)/smp.iso) ## run the kernels under QEMU and judge them
	$(Q)TEST_BOARD='$(BOARD)' TEST_IMAGES='$(K)' TEST_FORMAT='$(BOARD_IMAGE)' \
		TEST_TIMEOUT='$(QEMU_TIMEOUT)' TEST_QEMU='$(QEMU)' \
		$(PROVE) --exec '$(PYTHON) tests/qemu/run.py' $(RUNS)

# A CD that GRUB boots the kernel from, by multiboot.
$(K)/smp.iso: $(K)/smp.elf tests/qemu/grub.cfg
	$(call say,ISO,$@)rm -rf $@.d && mkdir -p $@.d/boot/grub && cp $< $@.d/boot/kernel.elf && \
		cp tests/qemu/grub.cfg $@.d/boot/grub/ && \
		grub-mkrescue --directory=/usr/lib/grub/i386-pc -o $@ $@.d 2>$@.log || \
		{ cat $@.log; exit 1; }

qemu-run: kernels ## watch KERNEL (hello if not given) on the terminal
	$(QEMU) -smp $(firstword $(SMP)) \
		-kernel $(K)/$(or $(KERNEL),hello).$(BOARD_IMAGE) -append '$(APPEND)' || true

-include $(LIB_OBJECTS:.o=.d) $(PLATFORM_OBJECTS:.o=.d) $(foreach kernel,$(KERNELS),$(patsubst %.o,%.d,$(call kernel-objects,$(kernel))))
.SECONDARY:

endif

clean: ## remove everything that was built
	rm -rf build

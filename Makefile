# SPDX-License-Identifier: MIT
# One makefile for everything. Values are in config.mk, facts of an architecture in arch/*/arch.mk,
# of a machine in boards/*/board.mk. make help says what there is.

MAKEFLAGS += --no-builtin-rules --no-print-directory
.SUFFIXES:
.DELETE_ON_ERROR:
SHELL := /bin/sh

include config.mk

# Without -j on the command line: as many jobs as runs of QEMU. A make below this one has its share.
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += --jobs=$(JOBS)
endif

comma := ,
define newline


endef
ARCHS   := x86_64 aarch64 riscv64
# A kernel may have facts of its own, each a variable with its name behind it:
#   UNFIT_, not empty if the configuration does not fit it; NEEDS_, then, what does, in words
#   ALSO_, sources of other folders that belong to it
#   LINK_, arguments for the linker, as --defsym=PERCPU_DYNAMIC=4096
#   FILES_, modules that it has as files, compiled from its folder loaded/
#   QEMU_ and ACCEL_, arguments for QEMU; SMP_, its numbers of CPUs; CONTROLS_, runs that must fail in its way
include $(wildcard kernels/*/kernel.mk)
ALL_KERNELS := $(notdir $(patsubst %/main.c,%,$(wildcard kernels/*/main.c)))
KERNELS := $(strip $(foreach kernel,$(ALL_KERNELS),$(if $(strip $(UNFIT_$(kernel))),,$(kernel))))
UNFIT_KERNELS := $(strip $(foreach kernel,$(filter-out $(KERNELS),$(ALL_KERNELS)),\
	$(kernel) (needs $(NEEDS_$(kernel)))))
BOARDS  := $(notdir $(patsubst %/board.mk,%,$(wildcard boards/*/board.mk)))

ARCH   ?=
BOARD  ?=
KERNEL ?=

# VALUES_X: all that there are of X. $(3), of what there is in other configurations.
one-of = $(eval VALUES_$(1) := $(2))$(if $($(1)),$(if $(filter $(2),$($(1))),,$(error There is no $(1) $($(1)): take one of $(2)$(3))))
# 0 is as if not given.
switch = $(call one-of,$(1),0 1)$(eval override $(1) := $(filter 1,$($(1))))
$(call switch,LLVM)
$(call switch,V)

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s %s\n' '$(1)' '$(2)';)

$(call one-of,ARCH,$(ARCHS) host)
$(call one-of,BOARD,$(BOARDS))
$(if $(strip $(UNFIT_$(KERNEL))),$(error KERNEL=$(KERNEL) needs $(NEEDS_$(KERNEL))))
$(call one-of,KERNEL,$(KERNELS),; or of $(UNFIT_KERNELS))
$(call one-of,PERCPU_MODE,smp sp)
$(call one-of,PERCPU_PREEMPT,none hooks restart)
$(call one-of,PERCPU_VMA,image zero)
$(if $(filter zero,$(PERCPU_VMA)),\
	$(if $(filter-out smp,$(PERCPU_MODE)),\
	$(error PERCPU_VMA=zero is for PERCPU_MODE=smp))\
	$(if $(filter unit-test codegen-test link-test install-test,$(MAKECMDGOALS)),\
	$(error PERCPU_VMA=zero has no $(MAKECMDGOALS): these are for percpu.ld and what it lays out)))
$(call one-of,NOLOAD,0 1)
$(if $(filter 1,$(NOLOAD)),$(if $(filter-out zero,$(PERCPU_VMA)),\
	$(error NOLOAD=1 is for PERCPU_VMA=zero: percpu.ld keeps initial values)))
$(call one-of,PARTIAL,0 1)
$(call one-of,PERCPU_ARM_EL,1 2)
$(call one-of,PERCPU_RISCV_REG,gp tp)
$(call one-of,PERCPU_RISCV_LEVEL,s m)
$(call one-of,FIRMWARE,sbi none)
$(call one-of,PERCPU_DEBUG,0 1)
$(call one-of,PERCPU_CACHE_LINE,64 128)
include tools/names.mk

# tests/tap.py is for all.
PROVE := PYTHONPATH=tests PYTHONDONTWRITEBYTECODE=1 prove --jobs $(JOBS) $(if $(V),--verbose)

# Those of LLVM_VERSIONS that are installed.
in-path = $(wildcard $(addsuffix /$(1),$(subst :, ,$(PATH))))
LLVM_INSTALLED := $(foreach version,$(LLVM_VERSIONS),\
	$(if $(and $(call in-path,clang-$(version)),$(call in-path,ld.lld-$(version))),$(version)))
CLANG_TOOLS_INSTALLED := $(foreach version,$(LLVM_VERSIONS),\
	$(if $(and $(call in-path,clang-format-$(version)),$(call in-path,clang-tidy-$(version))),\
	$(version)))
LLVM_VERSION := $(or $(LLVM_VERSION),$(firstword $(LLVM_INSTALLED) $(LLVM_VERSIONS)))
CLANG_TOOL_VERSION := $(or $(CLANG_TOOL_VERSION),\
	$(firstword $(CLANG_TOOLS_INSTALLED) $(LLVM_VERSIONS)))
# make check does all with LLVM_VERSION, and with this one what the versions differ in most.
LLVM_SECOND := $(firstword $(filter-out $(LLVM_VERSION),$(filter 16 19,$(LLVM_INSTALLED))))

# An error, in one sentence, if the command $(1) is missing. Of the packages $(2), patterns, those
# that this release has are named.
need = $(if $(shell command -v $(firstword $(1))),,\
	$(error $(firstword $(1)) is not installed: run tools/setup$(call packages-named,$(2))))
packages-named = $(call named,$(strip $(filter $(1),$(shell tools/setup --list))))
named = $(if $(1),$(comma) or apt-get install $(1))

WARNINGS := -Wall -Wextra -Wconversion -Wmissing-prototypes -Wundef $(WERROR)

# In a recipe: file $(1) takes the place of $(2), unless they are the same.
replace = if cmp -s $(1) $(2); then rm $(1); else mv $(1) $(2); fi

# The library's configuration, for C. Written only when what it says changes: whatever depends on it
# is built anew then.
%/include/percpu/config.h: config.mk FORCE
	@mkdir -p $(@D)
	@new=$@.$$$$.new; { echo '/* Made by make from config.mk. */'; \
	  echo '#define PERCPU_MODE $(PERCPU_MODE)'; \
	  echo '#define PERCPU_PREEMPT $(PERCPU_PREEMPT)'; \
	  echo '#define PERCPU_VMA $(PERCPU_VMA)'; \
	  echo '#define PERCPU_ARM_EL $(PERCPU_ARM_EL)'; \
	  echo '#define PERCPU_RISCV_REG $(PERCPU_RISCV_REG)'; \
	  echo '#define PERCPU_RISCV_LEVEL $(PERCPU_RISCV_LEVEL)'; \
	  echo '#define PERCPU_DEBUG $(PERCPU_DEBUG)'; \
	  echo '#define PERCPU_CACHE_LINE $(PERCPU_CACHE_LINE)'; } > $$new; \
	$(call replace,$$new,$@)

.PHONY: FORCE
FORCE:

# ---- Goals that are for no architecture ----
.PHONY: help clean check check-one check-second lint unit-test thread-test setup-test mutation-test config-test \
	docs-test exercises-test pictures model in-debian
# all comes first, and so is what make without a goal does.
.DEFAULT_GOAL := all

help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## /\1:/p' Makefile $(wildcard tests/*/*.mk tools/*.mk) | \
		while IFS=: read -r goal text; do printf '  %-18s %s\n' "$$goal" "$$text"; done
	@echo
	@echo '  ARCH=$(subst $() ,|,$(ARCHS))  one architecture; all of them if not given'
	@echo '  BOARD=$(subst $() ,|,$(BOARDS))'
	@echo '  KERNEL=$(subst $() ,|,$(KERNELS))   SMP="1 4"   the kernel to run, at how many CPUs'
	@$(foreach kernel,$(filter-out $(KERNELS),$(ALL_KERNELS)),\
		echo '    and $(kernel), which needs $(NEEDS_$(kernel))';)
	@echo '  RUNS="smp@4 numa@8"   qemu-test: these runs, as it names them; KERNELS="smp numa" builds no others'
	@echo '  APPEND="seed=7"   qemu-run: the command line; kernels/*/main.c has the options of each'
	@echo '  FUZZ_RUNS=N   fuzz: how many inputs      BASE=COMMIT   same-code: with what; SAME_CODE=restart   one configuration'
	@echo '  RELEASE=13 GOAL=...   in-debian          PREFIX=DIR DESTDIR=DIR PKG_CONFIG=...   install'
	@echo '  LINK_TESTS=pie   link-test: this test, and so for others: ..._TESTS in tests/*/*.mk'
	@echo '  LLVM=1   O=DIR   V=1   OPT=-O0   and the other values in config.mk'

# in-debian may need root for what it has put there.
clean: ## remove everything that was built
	$(foreach folder,$(wildcard $(O)/debian-*),tools/in-debian --remove $(folder)$(newline))
	rm -rf $(O)

check: ## everything, with GCC and then with the LLVM tools; LLVM=1: with these only
ifeq ($(LLVM),)
	$(Q)$(MAKE) setup-test
	$(Q)$(MAKE) lint
	$(Q)$(MAKE) model
	$(Q)$(MAKE) fuzz
	$(Q)$(MAKE) exercises-test
	$(Q)$(MAKE) dist-test
	$(Q)$(MAKE) BENCH_TEST_MODES=restart bench-test
	$(Q)$(MAKE) check-one
endif
	$(Q)$(MAKE) LLVM=1 check-one
	$(if $(LLVM_SECOND),$(Q)$(MAKE) LLVM=1 LLVM_VERSION=$(LLVM_SECOND) O=$(O)/llvm-$(LLVM_SECOND) \
		check-second)

# PERCPU_DEBUG is nothing to the parsers of firmware's tables, which have no per-CPU variables. What
# compilers say of wrong uses, and what percpu-check and percpu-map say of kernels, differs by
# compiler and by architecture, but not by the two together: with LLVM it is asked for one.
ONE_OF_LLVM = $(if $(and $(LLVM),$(if $(ARCH),,none)),ARCH=riscv64)
check-one: unit-test docs-test
	$(Q)$(MAKE) thread-test
	$(Q)$(MAKE) PERCPU_DEBUG=1 O=$(O)/debug \
		UNIT_TESTS='$(filter-out $(UNIT_PARSERS),$(UNIT_TESTS:$(O)/%=$(O)/debug/%))' unit-test
	$(Q)$(MAKE) PERCPU_MODE=sp O=$(O)/sp \
		UNIT_TESTS='$(UNIT_ONE_CPU:%=$(O)/sp/host/%)' unit-test
	$(Q)$(MAKE) codegen-test
	$(Q)$(MAKE) same-code-test
	$(if $(filter riscv64,$(or $(ARCH),$(ARCHS))),$(Q)$(MAKE) porting-test)
	$(Q)$(MAKE) $(ONE_OF_LLVM) compile-fail-test
	$(Q)$(MAKE) link-test
	$(Q)$(MAKE) prove
	$(Q)$(MAKE) install-test
	$(Q)$(MAKE) PERCPU_PREEMPT=restart O=$(O)/restart install-test
	$(Q)$(MAKE) ARCH=host install-test
	$(Q)$(MAKE) $(ONE_OF_LLVM) tools-test
	$(Q)$(MAKE) $(ONE_OF_LLVM) map-test
	$(Q)$(MAKE) intree-test
	$(Q)$(MAKE) config-test
	$(Q)$(MAKE) qemu-test
	$(Q)$(MAKE) boot-test
	$(Q)$(MAKE) limine-test
	$(Q)$(MAKE) gdb-test
	$(Q)$(MAKE) PERCPU_PREEMPT=restart O=$(O)/restart KERNEL=preempt SMP=2 qemu-test
	$(Q)$(MAKE) PERCPU_PREEMPT=restart O=$(O)/restart KERNEL=sequences qemu-test
	$(Q)$(MAKE) PERCPU_PREEMPT=restart O=$(O)/restart KERNEL=module qemu-test
	$(Q)$(MAKE) PERCPU_PREEMPT=restart PARTIAL=1 O=$(O)/partial KERNEL=sweep SMP=1 qemu-test
	$(Q)$(MAKE) PERCPU_PREEMPT=hooks O=$(O)/hooks KERNEL=preempt SMP=2 qemu-test
	$(if $(filter aarch64,$(or $(ARCH),$(ARCHS))),\
		$(Q)$(MAKE) ARCH=aarch64 ARM_MARCH=armv8.1-a O=$(O)/lse KERNEL=sweep qemu-test)
	$(if $(filter aarch64,$(or $(ARCH),$(ARCHS))),\
		$(Q)$(MAKE) ARCH=aarch64 ARM_MARCH=armv8.1-a PERCPU_PREEMPT=hooks O=$(O)/lse/hooks \
			KERNEL=preempt SMP=2 qemu-test)
	$(if $(filter riscv64,$(or $(ARCH),$(ARCHS))),\
		$(Q)$(MAKE) ARCH=riscv64 PERCPU_RISCV_LEVEL=m O=$(O)/m qemu-test)

# What versions of LLVM differ in most.
check-second:
	$(Q)$(MAKE) IMAGE_LEVELS=O2 codegen-test
	$(Q)$(MAKE) LINK_TESTS='scripts kernel zero layout small-data bare pie debugging global-pointer' \
		link-test

# Linux's name for its bus, /soc, has no unit address.
DTC = $(call need,dtc,device-tree-compiler)dtc -W no-unit_address_vs_reg -I dts -O dtb

include tests/unit/unit.mk

setup-test: ## what tools/setup would install on Debian 12, 13 and others
	$(Q)$(PROVE) --exec '$(PYTHON)' tests/setup/check.py

# The largest first.
config-test: ## build and run every legal configuration once
	$(Q)MAKEFLAGS= MAKEOVERRIDES= TEST_OUT=$(O)/config TEST_LLVM=$(LLVM) TEST_JOBS=$(JOBS) $(PROVE) \
		--exec '$(PYTHON) tests/config/run.py' $(or $(ARCH),riscv64 aarch64 x86_64)

docs-test: ## compile the code in the pages; check their links and names
	$(Q)MAKEFLAGS= MAKEOVERRIDES= TEST_OUT=$(O)/docs TEST_LLVM=$(LLVM) $(PROVE) \
		--exec '$(PYTHON) tests/docs/check.py' $(or $(ARCH),$(ARCHS))

pictures: ## draw the pictures of docs/boot-<arch>.md, from the page and the linker's symbols
	$(Q)MAKEFLAGS= MAKEOVERRIDES= TEST_OUT=$(O)/docs TEST_LLVM=$(LLVM) PYTHONDONTWRITEBYTECODE=1 \
		$(PYTHON) tests/docs/pictures.py $(or $(ARCH),$(ARCHS))

exercises-test: ## build and run a solution of each exercise in docs/boot-<arch>.md
	$(Q)TEST_OUT=$(O)/exercises TEST_LLVM=$(LLVM) $(PROVE) \
		--exec '$(PYTHON) tests/exercises/check.py' $(or $(ARCH),$(ARCHS))

# pan, which spin makes, is compiled by the host's gcc, with LLVM=1 too.
model: ## search every state of the models: restartable sequences, hooks, what comes and goes
	$(call need,spin,spin)
	$(Q)TEST_OUT=$(O)/model $(PROVE) --exec '$(PYTHON) tests/model/run.py' \
		riscv64 aarch64 controls hooks hotplug dynamic module blocks

include tests/bench/bench.mk
include tests/fuzz/fuzz.mk
include tests/porting/porting.mk
include tools/dist.mk

# ---- Lint ----
# In an unpacked archive (make dist) all files are the project's, but for what has been built.
PROJECT_FILES = $(if $(wildcard .git),git ls-files $(1),\
	find . -path ./build -prune -o -type f \( $(patsubst '%',-name '%' -o,$(1)) -false \) -print | \
	sed 's|^\./||' | LC_ALL=C sort)
C_FILES := $(filter-out %/asm.h %_asm.h arch/func.h,$(shell $(call PROJECT_FILES,'*.c' '*.h')))
# Assembly and C++ too.
PORTABLE_FILES = $(filter-out arch/% ports/%,$(shell $(call PROJECT_FILES,'*.[chS]' '*.cc' '*.hpp' '*.inc')))
ARCH_IFS := ^[[:space:]]*\#[[:space:]]*(el)?if.*(__x86_64__|__i386__|__aarch64__|__arm__|__riscv|__loongarch)

# Later versions space casts and calls in macros otherwise: one has the last word.
FORMAT := clang-format-16

# A port is to be read in one go: at most so many lines, of the two headers that it must have.
PORT_LINES := aarch64:150 riscv64:150 x86_64:220

# comparePointers, subtractPointers: what a linker script defines are distances between "different
# objects". Debian 13's cppcheck takes no symbol's name before an initial value: there it gets to see
# no such names, and then not what a short asm writes either. That it limits itself is no finding.
CPPCHECK = cppcheck --quiet --error-exitcode=1 --std=c11 --inline-suppr
CPPCHECK_NAMES = $(shell echo 'int x __asm__("y") = 0;' > $(H)/named.c; $(CPPCHECK) $(H)/named.c \
	>/dev/null 2>&1 || echo '"-D__asm__(...)=" --suppress=uninitvar --suppress=legacyUninitvar')
lint: $(H)/include/percpu/config.h ## formatting, static analysis, and that no architecture is tested for outside arch/ and ports/
	$(if $(shell command -v $(FORMAT)),$(call say,LINT,$(FORMAT))$(FORMAT) --dry-run --Werror $(C_FILES),\
		@echo '  LINT     formatting is that of $(FORMAT), which is not installed: not looked at')
	$(call say,LINT,architecture tests)! grep -nE '$(ARCH_IFS)' $(PORTABLE_FILES) /dev/null
	$(call say,LINT,length of the ports)for port in $(PORT_LINES); do \
		[ $$(cat ports/$${port%:*}/percpu_arch.h ports/$${port%:*}/percpu_arch_asm.h | wc -l) -le \
			$${port#*:} ] || { echo "ports/$${port%:*}: percpu_arch.h and percpu_arch_asm.h are" \
			"more than $${port#*:} lines together (docs/porting.md)" >&2; exit 1; }; done
	$(call say,LINT,cppcheck)$(CPPCHECK) $(CPPCHECK_NAMES) \
		--enable=warning,performance,portability --suppress=missingInclude \
		--suppress=comparePointers --suppress=subtractPointers \
		--suppress=normalCheckLevelMaxBranches -I$(H)/include -I. -Iinclude -Iports/host \
		-DMAX_CPUS=64 lib boards kernels arch ports
	$(call say,LINT,shellcheck)shellcheck tools/setup tools/in-debian .ci/run
	$(Q)$(MAKE) tidy

# Each by itself: given all of them, clang-tidy 19 ends by a segmentation fault at one or another.
TIDY_FILES := $(wildcard lib/*.c boards/common/*.c kernels/common/*.c kernels/*/main.c) \
	$(filter-out %/board.c,$(wildcard boards/pc/*.c))
tidy: $(H)/include/percpu/config.h
	$(call say,LINT,clang-tidy)printf '%s\n' $(TIDY_FILES) | xargs -P $(JOBS) -I {} \
		clang-tidy-$(CLANG_TOOL_VERSION) --quiet {} -- \
		-std=gnu11 -I$(H)/include -Iinclude -Iports/host -I. -DMAX_CPUS=64
.PHONY: tidy

RELEASE ?=
GOAL    ?=
in-debian: ## make GOAL in a bare Debian, RELEASE=12 or 13, set up as the README says
	$(Q)tools/in-debian '$(RELEASE)' '$(O)/debian-$(RELEASE)' $(GOAL)

mutation-test: ## break the product in named ways, and see which test notices
	$(Q)MAKEFLAGS= TEST_JOBS=$(JOBS) $(PYTHON) tests/mutation/run.py

# Goals for an architecture, or for each where ARCH is not given.
PER_ARCH := all library kernels qemu-test boot-test limine-test gdb-test codegen-test \
	compile-fail-test link-test same-code same-code-test prove tools-test map-test bench-test \
	install uninstall install-test intree-test
.PHONY: $(PER_ARCH) qemu-run kvm-test

ifeq ($(ARCH)$(BOARD),)

$(PER_ARCH):
	$(Q)for arch in $(ARCHS); do $(MAKE) ARCH=$$arch $@ || exit 1; done
qemu-run:
	$(error qemu-run shows one machine: say which, with ARCH=)
kvm-test:
	$(Q)$(MAKE) ARCH=x86_64 $@

else ifeq ($(ARCH),host)

include tools/host.mk

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
# Without BOARD qemu-test runs these too, unless KERNEL, SMP or RUNS asks for something of the
# default's.
FURTHER_BOARDS := $(if $(KERNEL)$(RUNS)$(filter sp,$(PERCPU_MODE)),,\
	$(if $(filter-out file,$(origin SMP) $(origin FIRMWARE)),,$(OTHER_BOARDS)))
endif
ifneq ($(BOARD_ARCH),$(ARCH))
$(error BOARD $(BOARD) is a machine for $(BOARD_ARCH), not for ARCH $(ARCH): leave one of them out)
endif
# A board may be no machine for some kernels, BOARD_UNFIT, for it lacks BOARD_LACKS, in words; and
# have qemu-test run no more than BOARD_KERNELS of the others, if not asked for one, and its own
# scenarios.
$(if $(filter $(KERNEL),$(BOARD_UNFIT)),\
	$(error KERNEL=$(KERNEL) does not run on BOARD=$(BOARD), which lacks $(BOARD_LACKS)))
KERNELS := $(filter-out $(BOARD_UNFIT),$(KERNELS))

B := $(O)/$(TRIPLE)

ifdef LLVM
CC      := clang-$(LLVM_VERSION) --target=$(TRIPLE)
AR      := llvm-ar-$(LLVM_VERSION)
LD      := ld.lld-$(LLVM_VERSION)
OBJCOPY := llvm-objcopy-$(LLVM_VERSION)
OBJDUMP := llvm-objdump-$(LLVM_VERSION)
COMPILER_PACKAGE := clang-1% lld-% llvm-%
else
CC      := $(TRIPLE)-gcc
AR      := $(TRIPLE)-ar
LD      := $(TRIPLE)-ld
OBJCOPY := $(TRIPLE)-objcopy
OBJDUMP := $(TRIPLE)-objdump
COMPILER_PACKAGE := $(GCC_PACKAGE)
endif

$(call need,$(CC),$(COMPILER_PACKAGE))

# Each frame is small, and its size known: the guard below a stack relies on it.
FRAMES := -Wframe-larger-than=1024 -Wvla -Walloca
COMMON_CFLAGS := -std=gnu11 $(OPT) -g -ffreestanding -fno-stack-protector -fno-common \
	-fno-asynchronous-unwind-tables -fno-unwind-tables \
	-ffunction-sections -fdata-sections -fvisibility=hidden \
	$(ARCH_CFLAGS) $(WARNINGS) $(FRAMES) -I$(B)/include -Iinclude -Iports/$(ARCH) -Iarch/$(ARCH) \
	-MMD -MP
# With PERCPU_VMA=zero: the page's lines, with or without its (NOLOAD), which drops initial values.
KERNEL_SCRIPT := $(if $(filter zero,$(PERCPU_VMA)),\
	-L ldscripts/$(if $(filter 1,$(NOLOAD)),noload,load) -T ldscripts/kernel-zero.ld,\
	-T ldscripts/kernel.ld)
# lld 16 calls contents in a (NOLOAD) section an error, of the kind that this makes a warning.
FATAL_WARNINGS := $(if $(and $(LLVM),$(filter 1,$(NOLOAD))),--noinhibit-exec,--fatal-warnings)
# The library calls nothing, not even memcpy; position-independent, so that it fits any kernel.
LIB_CFLAGS := $(COMMON_CFLAGS) -fpie $(ARCH_LIB_CFLAGS) -fno-builtin \
	$(if $(LLVM),,-fno-tree-loop-distribute-patterns)
# Most of it is called seldom, and is to be small; what each trap calls is short anyway.
LIB_SMALL := $(if $(filter -O2 -O3,$(OPT)),-Os)
KERNEL_CFLAGS := $(COMMON_CFLAGS) -fno-pie $(ARCH_KERNEL_CFLAGS) -I. -DMAX_CPUS=$(BOARD_MAX_CPUS) \
	$(if $(filter 1,$(NOLOAD)),-DNOLOAD)
KERNEL_LDFLAGS := $(ARCH_LDFLAGS) -static -nostdlib --no-dynamic-linker --gc-sections \
	--build-id=none --orphan-handling=error $(FATAL_WARNINGS) -z noexecstack \
	--defsym=LOAD_ADDRESS=$(BOARD_LOAD) --defsym=CPU_NUM=$(BOARD_MAX_CPUS) \
	-L ldscripts $(KERNEL_SCRIPT)

LIB_SOURCES := $(wildcard lib/*.c lib/$(PERCPU_MODE)/*.c lib/$(PERCPU_VMA)/*.c)
LIB_OBJECTS := $(LIB_SOURCES:%.c=$(B)/%.o)
LIBRARY     := $(B)/libpercpu.a

PLATFORM_SOURCES := $(wildcard kernels/common/*.c) $(addprefix arch/$(ARCH)/,$(ARCH_SOURCES)) \
	$(patsubst boards/$(BOARD)/../%,boards/%,$(addprefix boards/$(BOARD)/,$(BOARD_SOURCES)))
K := $(B)/$(BOARD)$(BOARD_VARIANT)
objects = $(1:%=$(K)/%.o)
PLATFORM_OBJECTS := $(call objects,$(PLATFORM_SOURCES))
KERNEL_ELFS := $(KERNELS:%=$(K)/%.elf)
IMAGES := $(KERNELS:%=$(K)/%.$(BOARD_IMAGE))

# Kernels that go on at another address than they are linked for. Their C, and their copy of the
# platform's, is compiled to find everything from where it runs, and lies in $(K)/moving; assembly
# is written so.
MOVING := highhalf
MOVING_CFLAGS := -fpie $(ARCH_MOVING_CFLAGS) -include kernels/common/hidden.h

all: library kernels ## the library and the kernels
library: $(LIBRARY) ## build/<triple>/libpercpu.a
kernels: $(IMAGES) ## the kernels, for their default boards

# ---- Compiling ----

CONFIG := $(B)/include/percpu/config.h

FLAGS := $(B)/flags
$(FLAGS): FORCE
	@mkdir -p $(@D)
	@new=$@.$$$$.new; echo '$(CC) $(LIB_CFLAGS) $(LIB_SMALL) $(KERNEL_CFLAGS) $(KERNEL_LDFLAGS)' \
		'$(MOVING_CFLAGS) $(PARTIAL) $(foreach kernel,$(KERNELS),$(LINK_$(kernel)))' > $$new; \
	$(call replace,$$new,$@)

# In another configuration, what includes config.h is built anew, as the compiler has noted.
$(LIB_OBJECTS): $(B)/%.o: %.c $(FLAGS) | $(CONFIG)
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) $(LIB_CFLAGS) $(LIB_SMALL) -c $< -o $@

$(LIBRARY): $(LIB_OBJECTS)
	$(call say,AR,$@)rm -f $@ && $(AR) rcsD $@ $(LIB_OBJECTS)

$(K)/%.c.o: %.c $(FLAGS) | $(CONFIG)
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) $(KERNEL_CFLAGS) -c $< -o $@

$(K)/%.S.o: %.S $(FLAGS) | $(CONFIG)
	@mkdir -p $(@D)
	$(call say,AS,$@)$(CC) $(KERNEL_CFLAGS) -c $< -o $@

$(K)/moving/%.c.o: KERNEL_CFLAGS += $(MOVING_CFLAGS)
$(K)/moving/%.c.o: %.c $(FLAGS) | $(CONFIG)
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) $(KERNEL_CFLAGS) -c $< -o $@

# memcpy and its kin must not become calls of themselves.
$(K)/kernels/common/string.c.o $(K)/moving/kernels/common/string.c.o: KERNEL_CFLAGS += \
	-fno-builtin $(if $(LLVM),,-fno-tree-loop-distribute-patterns)

# What a kernel loads at run time is compiled as the kernel is, and lies in it as a file: files.S.
$(K)/kernels/%.c.o: private KERNEL_CFLAGS += $(if $(findstring /loaded/,$@),-g0)
$(foreach kernel,$(KERNELS),$(if $(FILES_$(kernel)),\
	$(eval $(K)/kernels/$(kernel)/files.S.o: private KERNEL_CFLAGS += -Wa,-I$(K)/kernels/$(kernel)/loaded)\
	$(eval $(K)/kernels/$(kernel)/files.S.o: \
		$(FILES_$(kernel):%=$(K)/kernels/$(kernel)/loaded/%.c.o))))

# The objects $(2) as the kernel $(1) needs them.
built-for = $(if $(filter $(MOVING),$(1)),$(2:$(K)/%.c.o=$(K)/moving/%.c.o),$(2))
kernel-objects = $(call built-for,$(1),$(call objects,$(wildcard kernels/$(1)/*.[cS]) $(ALSO_$(1))) \
	$(PLATFORM_OBJECTS))
.SECONDEXPANSION:
ifeq ($(PARTIAL),1)
$(KERNEL_ELFS): PARTIAL_OBJECT = $(@:.elf=.partial.o)
DROPPED := $(call objects,tests/qemu/dropped.c)
$(KERNEL_ELFS): $(DROPPED)
endif
$(KERNEL_ELFS): $(K)/%.elf: $$(call kernel-objects,$$*) $(LIBRARY) $(FLAGS) \
		$(wildcard ldscripts/*.ld ldscripts/*/*.ld)
	$(if $(PARTIAL_OBJECT),$(call say,LD,$(PARTIAL_OBJECT))$(LD) -r -o $(PARTIAL_OBJECT) \
		$(DROPPED) $(filter-out $(DROPPED),$(filter %.c.o,$^)))
	$(call say,LD,$@)$(LD) $(LINK_$*) $(KERNEL_LDFLAGS) -o $@ \
		$(filter $(if $(PARTIAL_OBJECT),%.S.o,%.o),$^) $(PARTIAL_OBJECT) $(LIBRARY)

# BOARD_TREE: a device tree of ours, for a machine that QEMU has none for.
kernels: $(BOARD_TREE)
$(K)/%.dtb: boards/$(BOARD)/%.dts
	@mkdir -p $(@D)
	$(call say,DTC,$@)$(DTC) -o $@ $<

$(K)/%.bin: $(K)/%.elf
	$(call say,OBJCOPY,$@)$(OBJCOPY) -O binary $< $@

# ---- Running ----

QEMU := $(BOARD_QEMU) $(BOARD_QEMU_ARGS) -display none -serial stdio -monitor none \
	-nic none -no-reboot
ACCEL := -accel tcg
# A block of code for each instruction: interrupts come between any two. QEMU knows which name it has.
ONE_BY_ONE = $(ACCEL)$(if $(shell $(BOARD_QEMU) -help | grep one-insn-per-tb),$(comma)one-insn-per-tb=on, -singlestep)
accel-of = $(or $(ACCEL_$(1)),$(ACCEL))
BOARD_MIN_CPUS ?= 1
possible = $(if $(shell [ $(1) -ge $(BOARD_MIN_CPUS) ] 2>/dev/null && \
	[ $(1) -le $(BOARD_MAX_CPUS) ] && echo yes),,\
	$(error SMP=$(1) is not possible: $(BOARD) has $(BOARD_MIN_CPUS) to $(BOARD_MAX_CPUS) CPUs))
ifneq ($(filter qemu-% kvm-test,$(MAKECMDGOALS)),)
$(call need,$(BOARD_QEMU),$(QEMU_PACKAGE))
endif

# Without KERNEL, every kernel and every scenario; with it, that kernel at SMP CPUs. A library for a
# single CPU has no use for most of them.
ifeq ($(PERCPU_MODE),sp)
SMP := 1
RUNS := $(patsubst %,%@1,$(or $(KERNEL),$(filter-out smp misuse,$(KERNELS)))) \
	$(if $(filter 1,$(PERCPU_DEBUG)),C12-before-init)
else
LEFT_OUT := $(if $(filter highhalf,$(KERNELS)),,highhalf-old-address) \
	$(if $(filter hotplug,$(KERNELS)),,hotplug-el3 hotplug-el3-to-el2 hotplug-spin-table)
ANY_BOARD := $(if $(KERNEL),,$(if $(filter zero,$(PERCPU_VMA)),S8-area-0-in-use)) \
	$(if $(filter 1,$(PERCPU_DEBUG)),$(MISUSES))
SCENARIOS := $(if $(KERNEL),,$(filter-out $(LEFT_OUT),$(BOARD_SCENARIOS))) \
	$(if $(BOARD_KERNELS),,$(ANY_BOARD))
RUN_KERNELS := $(or $(KERNEL),$(filter $(or $(BOARD_KERNELS),%),$(filter-out misuse,$(KERNELS))))
RUNS := $(foreach kernel,$(RUN_KERNELS),$(addprefix $(kernel)@,$(or $(SMP_$(kernel)),$(SMP)))) \
	$(SCENARIOS) $(foreach kernel,$(RUN_KERNELS),$(CONTROLS_$(kernel)))
endif
$(if $(filter qemu-%,$(MAKECMDGOALS)),$(foreach n,$(SMP),$(call possible,$(n))))

# What the tests must know of the machine and of what runs on it.
TEST_MACHINE = TEST_BOARD='$(BOARD)$(BOARD_VARIANT)' TEST_IMAGES='$(K)' TEST_FORMAT='$(BOARD_IMAGE)' \
	TEST_TIMEOUT='$(QEMU_TIMEOUT)' TEST_QEMU='$(QEMU)' TEST_ACCEL='$(ACCEL)' TEST_ONE_BY_ONE='$(ONE_BY_ONE)' \
	$(foreach kernel,$(KERNELS),TEST_QEMU_$(kernel)='$(QEMU_$(kernel))' \
		TEST_ACCEL_$(kernel)='$(call accel-of,$(kernel))') \
	TEST_ARCH='$(ARCH)' TEST_OBJDUMP='$(TRIPLE)-objdump' TEST_PREEMPT='$(PERCPU_PREEMPT)'

# Where KERNEL or RUNS says what is run, no more is built.
ifeq ($(KERNEL)$(filter command,$(origin RUNS)),)
RUN_IMAGES := kernels
else ifneq ($(filter qemu-test,$(MAKECMDGOALS)),)
RUN_IMAGES := $(BOARD_TREE) $(patsubst %,$(K)/%.$(BOARD_IMAGE),$(shell PYTHONDONTWRITEBYTECODE=1 \
	PYTHONPATH=tests:tests/qemu $(PYTHON) tests/qemu/scenarios.py $(BOARD)$(BOARD_VARIANT) $(RUNS)))
endif

qemu-test: $(RUN_IMAGES) ## run the kernels under QEMU and judge them
	$(Q)$(TEST_MACHINE) $(PROVE) --exec '$(PYTHON) tests/qemu/run.py' $(RUNS)
	$(Q)for board in $(FURTHER_BOARDS); do $(MAKE) BOARD=$$(echo $$board | tr , ' ') $@ || exit 1; done

# By KVM, which may be the processor itself: kvm.py says. No run with QEMU's clock (sweep), its gdbstub (C50, C51, C54), its machine
# checks, or another CPU model; with PERCPU_PREEMPT=none kernel preempt has nothing to protect it.
KVM_RUNS := $(or $(RUNS_KVM),hello@1 modes@1 smp@2 smp@8 fault@4 highhalf@2 usermode@4 C44-own-table \
	usermode-trusting swapgs@4 C44-border kvm-x2apic hundred-starts)
kvm-test: ACCEL := -accel kvm -cpu host,-arch-capabilities
kvm-test: ONE_BY_ONE := -accel kvm -cpu host,-arch-capabilities
$(if $(filter kvm-test,$(MAKECMDGOALS)),$(if $(filter-out x86_64,$(ARCH)),\
	$(error kvm-test is for ARCH=x86_64)))
kvm-test: kernels ## run the x86_64 kernels by KVM, where Linux offers /dev/kvm
	$(Q)$(TEST_MACHINE) $(PROVE) --jobs 1 --comments --exec '$(PYTHON) tests/qemu/kvm.py' $(KVM_RUNS)
	$(if $(RUNS_KVM),,$(Q)for mode in restart hooks; do $(MAKE) ARCH=$(ARCH) PERCPU_PREEMPT=$$mode \
		O=$(O)/$$mode RUNS_KVM='preempt@4 usermode@4' $@ || exit 1; done)
	$(if $(RUNS_KVM),,$(Q)$(MAKE) ARCH=$(ARCH) PERCPU_DEBUG=1 O=$(O)/debug \
		RUNS_KVM='smp@8 C12-area-of-another-cpu C37-two-cpus-at-once' $@)

# QEMU's exit status is the kernel's, and no error of make's.
qemu-run: kernels ## watch KERNEL (hello if not given) on the terminal
	$(QEMU) $(call accel-of,$(KERNEL)) $(QEMU_$(KERNEL)) -smp $(or $(SMP_$(KERNEL)),$(firstword $(SMP))) \
		-kernel $(K)/$(or $(KERNEL),hello).$(BOARD_IMAGE) -append '$(APPEND)' || true

include tests/boot/boot.mk
include tests/limine/limine.mk
include tests/tools/tools.mk
include tests/codegen/codegen.mk
include tests/gdb/gdb.mk
include tests/tools/map.mk
include tests/same-code/same-code.mk
include tests/prove/prove.mk
include tests/bench/guest.mk
include tools/install.mk
include tests/intree/intree.mk

COMPILE_FAIL_TESTS := configurations $(basename $(notdir $(wildcard tests/compile-fail/*.c tests/compile-fail/*.cc)))
compile-fail-test: $(CONFIG) ## compile wrong uses of percpu.h: each must be refused, in words
	$(Q)TEST_CC='$(CC)' TEST_OUT='$(B)/compile-fail' \
		TEST_CFLAGS='$(ARCH_CFLAGS) -I$(B)/include -Iinclude -Iports/$(ARCH)' \
		$(PROVE) --exec '$(PYTHON) tests/compile-fail/check.py' $(COMPILE_FAIL_TESTS)

# sequences and modules are for PERCPU_PREEMPT restart, and pie for it too.
LINK_TESTS := kinds checked configurations scripts fragment number window kernel zero \
	layout small-data language alignment bare survival same-name pie insert debugging \
	global-pointer reserve constructors static archives
link-test: library ## link right and wrong programs: the wrong ones must be refused, in words
	$(Q)TEST_ARCH='$(ARCH)' TEST_CC='$(CC)' TEST_AR='$(AR)' TEST_LD='$(LD)' \
		TEST_LDFLAGS='$(ARCH_LDFLAGS)' \
		TEST_CFLAGS='$(OPT) $(ARCH_CFLAGS) -I$(B)/include -Iinclude -Iports/$(ARCH)' \
		TEST_LIBRARY='$(LIBRARY)' TEST_CONFIG='$(CONFIG)' TEST_SCRIPTS=ldscripts \
		TEST_LOAD='$(BOARD_LOAD)' TEST_OUT='$(B)/link' \
		TEST_PARTIAL_LDS='$(TRIPLE)-ld ld.lld-$(LLVM_VERSION)' \
		$(PROVE) --exec '$(PYTHON) tests/link/check.py' $(LINK_TESTS)
	$(if $(filter file,$(origin LINK_TESTS)),$(Q)$(MAKE) ARCH=$(ARCH) PERCPU_PREEMPT=restart \
		O=$(O)/restart LINK_TESTS='sequences modules pie' link-test)

-include $(patsubst %.o,%.d,$(LIB_OBJECTS) \
	$(sort $(foreach kernel,$(KERNELS),$(call kernel-objects,$(kernel)) \
	$(FILES_$(kernel):%=$(K)/kernels/$(kernel)/loaded/%.c.o))))
.SECONDARY:

endif

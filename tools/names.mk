# SPDX-License-Identifier: MIT
# The names that make's command line can set: a slip in one would change nothing, without a word.
# Included by the Makefile, behind the values that each can have.

# Those with a value in config.mk, these, which make help has too, and what says which tests.
NAMES := ARCH BOARD KERNEL KERNELS RUNS APPEND BASE SAME_CODE FUZZ_RUNS RELEASE GOAL PREFIX DESTDIR \
	PKG_CONFIG
NAMES_OF_TESTS := BOARD_LEVEL OTHER_BOARDS RUNS_KVM IMAGE_LEVELS BENCH_TEST_MODES TOOLS_CHECK \
	TOOLS_RESTART PROVE_KERNELS $(addsuffix _TESTS,UNIT THREAD LINK COMPILE_FAIL GDB MAP PROVE \
	INSTALL INTREE)

NAMES_GIVEN := $(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(name)))

# All of ours that begin so are known.
PERCPU_NAMES   := $(patsubst VALUES_%,%,$(filter VALUES_PERCPU_%,$(.VARIABLES)))
PERCPU_UNKNOWN := $(filter-out $(PERCPU_NAMES),$(filter PERCPU_%,$(NAMES_GIVEN)))
$(if $(PERCPU_UNKNOWN),$(error There is no $(PERCPU_UNKNOWN) to set: take one of $(sort $(PERCPU_NAMES))))

# Of other names, those that are near to one: builds of packages set what they like, and a make above
# this one, of a kernel that has the library in its tree, hands on its own.
NAMES_SLIPS := $(if $(filter 0,$(MAKELEVEL)),$(if $(NAMES_GIVEN),$(shell awk -v given='$(NAMES_GIVEN)' \
	-v known='$(NAMES) $(NAMES_OF_TESTS)' -f tools/names.awk config.mk)))
$(if $(NAMES_SLIPS),$(error There is no $(NAMES_SLIPS) to set: make help and config.mk have all names))

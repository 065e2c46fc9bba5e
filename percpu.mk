# SPDX-License-Identifier: MIT
# libpercpu's sources for the makefile of a kernel that builds them itself (docs/building-in.md):
#
#	PERCPU_ARCH := riscv64
#	include third_party/percpu/percpu.mk
#
# Set before, if not as in config.mk: PERCPU_MODE, PERCPU_PREEMPT, PERCPU_VMA, PERCPU_ARM_EL,
# PERCPU_RISCV_REG, PERCPU_RISCV_LEVEL, PERCPU_DEBUG, PERCPU_CACHE_LINE; or PERCPU_CONFIG_FILE, the
# path of a header that defines all of them. What it gives:
#
#	PERCPU_DIR		this file's folder, by the path that it was included by
#	PERCPU_SOURCES		the C files; of an archive of them a kernel has only what it calls
#	PERCPU_CPPFLAGS		for them, and for each of the kernel's files: -I, and -D
#	PERCPU_LDFLAGS		for the link, before -T: where INCLUDE percpu.ld is found
#
# It has no rules and no goals, and no names that do not begin with PERCPU_.

PERCPU_DIR := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))

# ---- What there is ----

PERCPU__ARCHS := $(patsubst $(PERCPU_DIR)/ports/%/percpu_arch.h,%,\
	$(wildcard $(PERCPU_DIR)/ports/*/percpu_arch.h))
PERCPU__NAMED := $(patsubst host,host (a Linux program),$(PERCPU__ARCHS))
PERCPU__VALUES_MODE        := smp sp
PERCPU__VALUES_PREEMPT     := none hooks restart
PERCPU__VALUES_VMA         := image zero
PERCPU__VALUES_ARM_EL      := 1 2
PERCPU__VALUES_RISCV_REG   := gp tp
PERCPU__VALUES_RISCV_LEVEL := s m
PERCPU__VALUES_DEBUG       := 0 1
PERCPU__VALUES_CACHE_LINE  := 64 128
PERCPU__CHOICES := MODE PREEMPT VMA ARM_EL RISCV_REG RISCV_LEVEL DEBUG CACHE_LINE
PERCPU__GIVEN   := $(strip $(foreach choice,$(PERCPU__CHOICES),\
	$(if $(strip $(PERCPU_$(choice))),$(choice))))

# ---- What is refused ----

ifeq ($(PERCPU__ARCHS),)
$(error percpu.mk: there is no $(PERCPU_DIR)/ports/*/percpu_arch.h: take ports/ of libpercpu along)
endif
ifeq ($(strip $(PERCPU_ARCH)),)
$(error percpu.mk: PERCPU_ARCH is not set: set it before the include, to one of $(PERCPU__NAMED))
endif
ifneq ($(words $(PERCPU_ARCH))$(filter-out $(PERCPU__ARCHS),$(PERCPU_ARCH)),1)
$(error percpu.mk: there is no PERCPU_ARCH $(PERCPU_ARCH): take one of $(PERCPU__NAMED))
endif
$(foreach choice,$(PERCPU__GIVEN),$(if $(filter $(PERCPU__VALUES_$(choice)),$(PERCPU_$(choice))),,\
	$(error percpu.mk: there is no PERCPU_$(choice) $(PERCPU_$(choice)): take one of \
	$(PERCPU__VALUES_$(choice)))))
ifneq ($(and $(filter zero,$(PERCPU_VMA)),$(filter sp,$(PERCPU_MODE))),)
$(error percpu.mk: PERCPU_VMA zero is for PERCPU_MODE smp)
endif

# A name of ours with a slip in it would change nothing. The environment of a make below another one
# may have names that the kernel's makefile has made of ours.
PERCPU__KNOWN   := $(addprefix PERCPU_,$(PERCPU__CHOICES) ARCH CONFIG_FILE DIR SOURCES CPPFLAGS LDFLAGS)
PERCPU__UNKNOWN := $(foreach name,$(filter-out PERCPU__% $(PERCPU__KNOWN),\
	$(filter PERCPU_%,$(.VARIABLES))),\
	$(if $(filter $(if $(filter 0,$(MAKELEVEL)),,environment) default automatic,\
	$(firstword $(origin $(name)))),,$(name)))
ifneq ($(strip $(PERCPU__UNKNOWN)),)
$(error percpu.mk: it knows no $(strip $(PERCPU__UNKNOWN)): what can be set is PERCPU_ARCH, \
	PERCPU_CONFIG_FILE and $(addprefix PERCPU_,$(PERCPU__CHOICES)); name a variable of your own \
	otherwise, or set it behind the include)
endif

ifneq ($(strip $(PERCPU_CONFIG_FILE)),)
ifneq ($(PERCPU__GIVEN),)
$(error percpu.mk: the configuration is in PERCPU_CONFIG_FILE, $(PERCPU_CONFIG_FILE), and in \
	$(addprefix PERCPU_,$(PERCPU__GIVEN)) too: leave out one of them)
endif
ifeq ($(wildcard $(PERCPU_CONFIG_FILE)),)
$(error percpu.mk: there is no PERCPU_CONFIG_FILE $(PERCPU_CONFIG_FILE), seen from $(CURDIR))
endif
endif

# ---- What is given ----

PERCPU_SOURCES := $(sort $(wildcard $(addprefix $(PERCPU_DIR)/,\
	lib/*.c lib/*/*.c ports/$(strip $(PERCPU_ARCH))/*.c)))
PERCPU__CPPFLAGS := -I$(PERCPU_DIR)/include -I$(PERCPU_DIR)/ports/$(strip $(PERCPU_ARCH)) \
	$(if $(strip $(PERCPU_CONFIG_FILE)),\
		-DPERCPU_CONFIG_FILE='"$(abspath $(PERCPU_CONFIG_FILE))"') \
	$(foreach choice,$(PERCPU__GIVEN),-DPERCPU_$(choice)=$(strip $(PERCPU_$(choice))))
# What is set behind the include is too late, which is seen where this is used.
PERCPU__SETTINGS = $(foreach name,ARCH CONFIG_FILE $(PERCPU__CHOICES),$(name)=$(strip $(PERCPU_$(name))))
PERCPU__TAKEN   := $(PERCPU__SETTINGS)
PERCPU_CPPFLAGS  = $(PERCPU__CPPFLAGS)$(foreach late,$(filter-out $(PERCPU__TAKEN),\
	$(PERCPU__SETTINGS)),$(error percpu.mk: PERCPU_$(late) is set behind the include: set it before))
PERCPU_LDFLAGS  := -L$(PERCPU_DIR)/ldscripts

# SPDX-License-Identifier: MIT
# make bench: what operations cost, here and elsewhere. Included by the Makefile for no architecture;
# guest.mk is the part that is for one.

# What is measured is this configuration, in every mode of PERCPU_PREEMPT, whatever config.mk says.
BENCH_SETTINGS := PERCPU_MODE=smp PERCPU_VMA=image PERCPU_DEBUG=0 PERCPU_ARM_EL=1 \
	PERCPU_RISCV_REG=gp PERCPU_RISCV_LEVEL=s PERCPU_CACHE_LINE=64 NOLOAD= OPT=-O2
BENCH_ARCHS := $(or $(ARCH),$(ARCHS))
BENCH := $(O)/bench

.PHONY: bench bench-host bench-restart bench-docs

bench: ## instructions and time of each operation, beside what others do; tables and plots
	$(call need,gnuplot,gnuplot-nox)
	$(Q)rm -rf $(BENCH)/results && mkdir -p $(BENCH)/results
	$(Q)for mode in $(VALUES_PERCPU_PREEMPT); do for arch in $(BENCH_ARCHS); do \
		$(MAKE) ARCH=$$arch PERCPU_PREEMPT=$$mode $(BENCH_SETTINGS) O=$(BENCH)/$$mode \
			BENCH_RESULTS=$(BENCH)/results bench-count || exit 1; done; done
	$(Q)for arch in $(BENCH_ARCHS); do \
		$(MAKE) ARCH=$$arch PERCPU_PREEMPT=none $(BENCH_SETTINGS) O=$(BENCH)/none \
			BENCH_RESULTS=$(BENCH)/results bench-start || exit 1; done
	$(Q)$(MAKE) PERCPU_PREEMPT=none $(BENCH_SETTINGS) O=$(BENCH) \
		BENCH_RESULTS=$(BENCH)/results bench-host
	$(Q)$(MAKE) PERCPU_PREEMPT=restart $(BENCH_SETTINGS) O=$(BENCH)/restart \
		BENCH_RESULTS=$(BENCH)/results bench-restart
	$(Q)PYTHONDONTWRITEBYTECODE=1 $(PYTHON) tests/bench/report.py $(BENCH)/results $(O)

bench-docs: ## put the results of make bench into docs/
	$(Q)PYTHONDONTWRITEBYTECODE=1 $(PYTHON) tests/bench/into_docs.py $(O) docs

# ---- Time, on this machine: the x86_64 port's instructions in programs ----
# The port of a program: x86_64's, or the one that lists sequences whatever the machine.
BENCH_PORT := -Itests/bench/host -Itests/bench/host/cache
$(H)/bench-restart/% $(H)/bench-small/%: BENCH_PORT := -Iports/host
# As the library is in a kernel, unless it is told otherwise.
BENCH_LEVEL := -O2
$(H)/bench-small/%: BENCH_LEVEL := -Os
BENCH_HOST_CFLAGS = -std=gnu11 $(BENCH_LEVEL) -g $(WARNINGS) -fno-pie -pthread -MMD -MP $(BENCH_PORT) \
	-Itests/bench/host -I$(H)/include -Iinclude -I. -DMAX_CPUS=64
BENCH_HOST_LINK = $(HOST_CC) $(BENCH_HOST_CFLAGS) -no-pie -o $@ $(filter %.c %.o %.a,$^) -L ldscripts \
	-Wl,-T,ldscripts/host.ld
BENCH_HOST_SCRIPTS := ldscripts/host.ld ldscripts/percpu.ld
BENCH_HOST_LIBRARY := $(wildcard lib/*.c lib/smp/*.c lib/image/*.c)

define BENCH_HOST_RULES
$(H)/$(1)/%.o: %.c $(H)/include/percpu/config.h
	@mkdir -p $$(@D)
	$$(call say,HOSTCC,$$@)$$(HOST_CC) $$(BENCH_HOST_CFLAGS) -c $$< -o $$@

$(H)/$(1)/libpercpu.a: $(BENCH_HOST_LIBRARY:%.c=$(H)/$(1)/%.o)
	$$(call say,AR,$$@)rm -f $$@ && ar rcsD $$@ $$^
endef
$(eval $(call BENCH_HOST_RULES,bench))
$(eval $(call BENCH_HOST_RULES,bench-restart))
$(eval $(call BENCH_HOST_RULES,bench-small))

$(H)/bench/bench: $(patsubst %.c,$(H)/bench/%.o,$(wildcard tests/bench/host/*.c)) \
		$(H)/bench/libpercpu.a $(BENCH_HOST_SCRIPTS)
	$(call say,HOSTLD,$@)$(BENCH_HOST_LINK)

# One for each size of an area, FILLER and what the library adds: 4 KiB, 64 KiB and 1 MiB.
BENCH_FILLERS := 3840 65280 1048320
BENCH_AREAS := $(BENCH_FILLERS:%=$(H)/bench/areas-%)
$(BENCH_AREAS): $(H)/bench/areas-%: tests/bench/host/areas/main.c $(H)/bench/libpercpu.a \
		$(addprefix $(H)/bench/tests/bench/host/,time.o registers.o) $(BENCH_HOST_SCRIPTS)
	$(call say,HOSTLD,$@)$(BENCH_HOST_LINK) -DFILLER=$* -Wl,--defsym=CPU_NUM=129

BENCH_BLOCKS := $(H)/bench/blocks
$(BENCH_BLOCKS): tests/bench/host/blocks/main.c $(H)/bench/libpercpu.a \
		$(addprefix $(H)/bench/tests/bench/host/,time.o registers.o cpus.o) $(BENCH_HOST_SCRIPTS)
	$(call say,HOSTLD,$@)$(BENCH_HOST_LINK) -Wl,--defsym=PERCPU_DYNAMIC=4096

# One for each number of sequences.
BENCH_SEQUENCES := 10 100 1000 10000
BENCH_RESTART := $(BENCH_SEQUENCES:%=$(H)/bench-restart/restart-%)
$(BENCH_RESTART): $(H)/bench-restart/restart-%: tests/bench/host/restart/main.c \
		$(H)/bench-restart/libpercpu.a $(H)/bench-restart/tests/bench/host/time.o \
		$(H)/bench-restart/ports/host/host.o $(BENCH_HOST_SCRIPTS)
	$(call say,HOSTLD,$@)$(BENCH_HOST_LINK) -DSEQUENCES=$*

# For time and for size.
BENCH_DYNAMIC := $(H)/bench-restart/dynamic $(H)/bench-small/dynamic
$(BENCH_DYNAMIC): $(H)/%/dynamic: $(wildcard tests/bench/host/dynamic/*) $(H)/%/libpercpu.a \
		$(H)/%/tests/bench/host/time.o $(H)/%/ports/host/host.o $(BENCH_HOST_SCRIPTS)
	$(call say,HOSTLD,$@)$(BENCH_HOST_LINK) -Wl,--defsym=PERCPU_DYNAMIC=65536 \
		-Wl,--defsym=CPU_NUM=8

# With PERCPU_PREEMPT=restart, and the port's own sequences.
BENCH_CACHE := $(H)/bench/cache
$(BENCH_CACHE): tests/bench/host/cache/main.c $(H)/bench/libpercpu.a \
		$(addprefix $(H)/bench/tests/bench/host/,time.o registers.o) $(BENCH_HOST_SCRIPTS)
	$(call say,HOSTLD,$@)$(BENCH_HOST_LINK) -mcx16

ifeq ($(shell uname -sm),Linux x86_64)
bench-host: $(H)/bench/bench $(BENCH_AREAS) $(BENCH_BLOCKS)
	$(call say,TIME,$<)for program in $^; do $$program || exit 1; done > $(BENCH_RESULTS)/host.new
	$(Q){ $(HOST_CC) --version | sed -n 's/^/compiler /;1p'; cat $(BENCH_RESULTS)/host.new; } \
		> $(BENCH_RESULTS)/host.txt && rm $(BENCH_RESULTS)/host.new
# With PERCPU_PREEMPT=restart, and behind the others' results.
bench-restart: $(BENCH_RESTART) $(BENCH_DYNAMIC) $(BENCH_CACHE)
	$(call say,TIME,restart)for program in $^; do $$program || exit 1; done \
		>> $(BENCH_RESULTS)/host.txt
else
bench-restart:
bench-host:
	$(Q)echo 'skipped this machine is not an x86_64 Linux' > $(BENCH_RESULTS)/host.txt
endif

-include $(wildcard $(H)/bench/*/*.d $(H)/bench/*/*/*.d $(H)/bench-restart/*/*.d \
	$(H)/bench-small/*/*.d)

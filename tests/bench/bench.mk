# SPDX-License-Identifier: MIT
# make bench: what operations cost, here and elsewhere. Included by the Makefile for no architecture;
# guest.mk is the part that is for one.

# What is measured is this configuration, in every mode of PERCPU_PREEMPT, whatever config.mk says.
BENCH_SETTINGS := PERCPU_MODE=smp PERCPU_VMA=image PERCPU_DEBUG=0 PERCPU_ARM_EL=1 \
	PERCPU_RISCV_REG=gp PERCPU_RISCV_LEVEL=s PERCPU_CACHE_LINE=64 NOLOAD= OPT=-O2
BENCH_ARCHS := $(or $(ARCH),$(ARCHS))
BENCH := $(O)/bench

.PHONY: bench bench-host bench-docs

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
	$(Q)PYTHONDONTWRITEBYTECODE=1 $(PYTHON) tests/bench/report.py $(BENCH)/results $(O)

bench-docs: ## put the results of make bench into docs/
	$(Q)PYTHONDONTWRITEBYTECODE=1 $(PYTHON) tests/bench/into_docs.py $(O) docs

# ---- Time, on this machine: the x86_64 port's instructions in a program ----
BENCH_HOST_CFLAGS := -std=gnu11 -O2 -g $(WARNINGS) -fno-pie -pthread -MMD -MP -Itests/bench/host \
	-I$(H)/include -Iinclude -Ilib/image -I. -DMAX_CPUS=64
BENCH_HOST_SOURCES := $(wildcard tests/bench/host/*.c)
BENCH_HOST_LIBRARY := $(wildcard lib/*.c lib/smp/*.c)
bench-host-objects = $(1:%.c=$(H)/bench/%.o)

$(H)/bench/%.o: %.c $(H)/include/percpu/config.h
	@mkdir -p $(@D)
	$(call say,HOSTCC,$@)$(HOST_CC) $(BENCH_HOST_CFLAGS) -c $< -o $@

$(H)/bench/libpercpu.a: $(call bench-host-objects,$(BENCH_HOST_LIBRARY))
	$(call say,AR,$@)rm -f $@ && ar rcsD $@ $^

$(H)/bench/bench: $(call bench-host-objects,$(BENCH_HOST_SOURCES)) $(H)/bench/libpercpu.a \
		tests/unit/host.ld ldscripts/percpu.ld
	$(call say,HOSTLD,$@)$(HOST_CC) $(BENCH_HOST_CFLAGS) -no-pie -o $@ $(filter %.o %.a,$^) \
		-L ldscripts -Wl,-T,tests/unit/host.ld

ifeq ($(shell uname -sm),Linux x86_64)
bench-host: $(H)/bench/bench
	$(call say,TIME,$<)$< > $(BENCH_RESULTS)/host.new
	$(Q){ $(HOST_CC) --version | sed -n 's/^/compiler /;1p'; cat $(BENCH_RESULTS)/host.new; } \
		> $(BENCH_RESULTS)/host.txt && rm $(BENCH_RESULTS)/host.new
else
bench-host:
	$(Q)echo 'skipped this machine is not an x86_64 Linux' > $(BENCH_RESULTS)/host.txt
endif

-include $(wildcard $(H)/bench/*/*.d $(H)/bench/*/*/*.d)

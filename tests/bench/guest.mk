# SPDX-License-Identifier: MIT
# The part of make bench that is for one architecture: the kernel that counts instructions. Included
# by the Makefile.

BENCH_SOURCES := $(wildcard tests/bench/guest/*.c tests/bench/guest/$(ARCH)/*.[cS])
# Its hooks are its own, as cheap as they can be.
BENCH_OBJECTS := $(call objects,$(BENCH_SOURCES)) \
	$(filter-out $(K)/kernels/common/preempt.c.o,$(PLATFORM_OBJECTS))
# guest/start.c, and for x86_64 delay.c and riscv64 pause.c, stand before these.
BENCH_WRAP_x86_64 := --wrap=pc_delay
BENCH_WRAP_riscv64 := --wrap=arch_pause
BENCH_LDFLAGS := $(subst $(KERNEL_SCRIPT),-T tests/bench/guest/kernel.ld,$(KERNEL_LDFLAGS)) \
	--wrap=arch_start_cpus $(BENCH_WRAP_$(ARCH))
BENCH_IMAGE := $(K)/bench.$(BOARD_IMAGE)
# A CPU that has the atomic instructions of Armv8.1, which one of the peers is made of. Of two -cpu,
# QEMU takes the last.
BENCH_QEMU_aarch64 := -cpu neoverse-n1

# Equal functions must not become jumps to one another, which would count.
$(call objects,$(BENCH_SOURCES)): KERNEL_CFLAGS += -Itests/bench/guest/$(ARCH) \
	$(if $(LLVM),,-fno-ipa-icf)
$(K)/tests/bench/guest/aarch64/ours_lse.c.o: KERNEL_CFLAGS += -march=armv8.1-a

$(K)/bench.elf: $(BENCH_OBJECTS) $(LIBRARY) tests/bench/guest/kernel.ld $(wildcard ldscripts/*.ld)
	$(call say,LD,$@)$(LD) $(BENCH_LDFLAGS) -o $@ $(filter %.o %.a,$^)

# How many CPUs QEMU's machine can have.
BENCH_MOST_x86_64 := 255
BENCH_MOST_aarch64 := 256
BENCH_MOST_riscv64 := 128
BENCH_RUN = BENCH_QEMU='$(QEMU) $(ACCEL) $(BENCH_QEMU_$(ARCH))' \
	BENCH_SIZE='$(TRIPLE)-size' BENCH_LIBRARY='$(LIBRARY)' \
	BENCH_COMPILER="$$($(CC) --version | head -n 1)" BENCH_TIMEOUT='$(QEMU_TIMEOUT)' \
	PYTHONPATH=tests:tests/qemu PYTHONDONTWRITEBYTECODE=1 $(PYTHON)

.PHONY: bench-count bench-start
bench-start: $(BENCH_IMAGE)
	$(call say,START,$(ARCH))$(BENCH_RUN) tests/bench/start.py $(ARCH) $(BENCH_IMAGE) \
		$(BENCH_MOST_$(ARCH)) $(BENCH_RESULTS)/start-$(ARCH)

bench-count: $(BENCH_IMAGE)
	$(call say,COUNT,$(ARCH) $(PERCPU_PREEMPT))$(BENCH_RUN) tests/bench/count.py \
		$(ARCH) $(PERCPU_PREEMPT) $(BENCH_IMAGE) $(BENCH_RESULTS)/$(ARCH)-$(PERCPU_PREEMPT).json

-include $(BENCH_OBJECTS:.o=.d)

# Exact, and without time: as many instructions are executed as tests/codegen counts.
BENCH_TEST_MODES := none restart
bench-test: ## execute each operation and compare the instructions with tests/codegen's figures
	$(Q)mkdir -p $(BENCH)/test
	$(Q)for mode in $(BENCH_TEST_MODES); do $(MAKE) ARCH=$(ARCH) PERCPU_PREEMPT=$$mode \
		$(BENCH_SETTINGS) O=$(BENCH)/$$mode BENCH_RESULTS=$(BENCH)/test bench-count || exit 1; done
	$(Q)TEST_ARCH='$(ARCH)' TEST_COMPILER='$(if $(LLVM),clang,gcc)' TEST_RESULTS='$(BENCH)/test' \
		PYTHONPATH=tests:tests/codegen PYTHONDONTWRITEBYTECODE=1 prove $(if $(V),--verbose) \
		--exec '$(PYTHON) tests/bench/check.py' $(BENCH_TEST_MODES)

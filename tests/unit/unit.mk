# SPDX-License-Identifier: MIT
# make unit-test and thread-test: the portable code on the host, under sanitizers. Included by the
# Makefile for no architecture.

H := $(O)/host
HOST_CC := $(if $(LLVM),clang-$(LLVM_VERSION),gcc)
# Of one of them: thread. GCC warns that it does not know fences, whatever they order.
SANITIZE = address,undefined
HOST_CFLAGS := -std=gnu11 -O1 -g $(WARNINGS) -MMD -MP -I$(H)/include -Iinclude -Iports/host -I. \
	-DMAX_CPUS=64 -DPC_MEMORY=0x200000000000 -pthread -fsanitize=$(SANITIZE) -fno-sanitize-recover=all \
	$(if $(LLVM),-fsanitize-ignorelist=tests/unit/asan.ignore,$(if $(filter thread,$(SANITIZE)),-Wno-tsan))
# For C++, without what would need a C++ library to link.
HOST_CXX := $(if $(LLVM),clang++-$(LLVM_VERSION),g++)
HOST_CXXFLAGS := $(filter-out -std=gnu11 -Wmissing-prototypes,$(HOST_CFLAGS)) -std=gnu++17 \
	-fno-exceptions -fno-rtti $(if $(LLVM),-fno-sanitize=function)
UNIT_TESTS := $(patsubst tests/unit/%,$(H)/%,$(basename $(wildcard tests/unit/*.c tests/unit/*.cc)))
# Those that have something to say of PERCPU_MODE=sp.
UNIT_ONE_CPU := loaded dynamic_blocks dynamic_grow
UNIT_PARSERS := $(addprefix %/,fdt_damaged fdt_machines fdt_made fdt_nodes fdt_nodes_wrong fdt_ranges \
	acpi madt srat slit nodes multiboot multiboot2)
host-objects = $(1:%.c=$(H)/%.o)
HOST_LIBRARY := $(call host-objects,$(wildcard lib/*.c lib/$(PERCPU_MODE)/*.c lib/$(PERCPU_VMA)/*.c))
HOST_CODE := $(call host-objects,$(addprefix kernels/common/,tap.c print.c stacks.c options.c) \
	$(addprefix boards/common/,fdt.c devicetree.c nodes.c) ports/host/host.c \
	$(addprefix boards/pc/,loader.c multiboot.c multiboot2.c acpi.c madt.c \
	fadt.c srat.c slit.c nodes.c clock.c) \
	$(wildcard tests/unit/common/*.c))
UNIT_TREES := $(addprefix $(H)/trees/,riscv64-virt.dtb riscv64-sifive_u.dtb aarch64-virt.dtb \
	riscv64-nodes.dtb aarch64-nodes.dtb)

# Once more with the copy of the port that this machine would have.
MACHINE := $(shell uname -m)
MACHINE_TESTS := $(if $(wildcard ports/$(MACHINE)),$(H)/memory-$(MACHINE))

unit-test: $(UNIT_TESTS) $(MACHINE_TESTS) $(UNIT_TREES) $(H)/trees/raspi3b.dtb ## the portable code on the host, under sanitizers
	$(Q)UNIT_DTBS=$(H)/trees UNIT_TABLES=tests/fuzz/seeds $(PROVE) --exec '' $(UNIT_TESTS) $(MACHINE_TESTS)

# Those in which threads are CPUs, and no tree is read.
THREAD_TESTS := threads counter record ref rlock dynamic_threads cache_shared
thread-test: ## what CPUs do at the same time, on the host, under the thread sanitizer
	$(Q)$(MAKE) SANITIZE=thread O=$(O)/thread UNIT_TREES= MACHINE_TESTS= \
		UNIT_TESTS='$(THREAD_TESTS:%=$(O)/thread/host/%)' unit-test

$(H)/%.o: %.c $(H)/include/percpu/config.h
	@mkdir -p $(@D)
	$(call say,HOSTCC,$@)$(HOST_CC) $(HOST_CFLAGS) -c $< -o $@

$(H)/%.o: %.cc $(H)/include/percpu/config.h
	@mkdir -p $(@D)
	$(call say,HOSTCXX,$@)$(HOST_CXX) $(HOST_CXXFLAGS) -c $< -o $@

# An archive: a test may bring a percpu_panic of its own.
$(H)/libpercpu.a: $(HOST_LIBRARY)
	$(call say,AR,$@)rm -f $@ && ar rcsD $@ $^

# Of a test of dynamic variables: the reserve.
UNIT_LINK_face_linux := -Wl,--defsym=PERCPU_DYNAMIC=65536
UNIT_LINK_dynamic := -Wl,--defsym=PERCPU_DYNAMIC=65536 -Wl,--defsym=PERCPU_DYNAMIC_ALIGN=16384
UNIT_LINK_counter := -Wl,--defsym=PERCPU_DYNAMIC=256
UNIT_LINK_record := $(UNIT_LINK_counter)
UNIT_LINK_ref := $(UNIT_LINK_counter)
UNIT_LINK_rlock := $(UNIT_LINK_dynamic)
UNIT_LINK_module_variables := $(UNIT_LINK_dynamic)
UNIT_LINK_cache := -Wl,--defsym=PERCPU_DYNAMIC=8192
UNIT_LINK_cache_shared := $(UNIT_LINK_cache)
UNIT_LINK_dynamic_blocks := -Wl,--defsym=PERCPU_DYNAMIC=12288
UNIT_LINK_dynamic_grow := $(UNIT_LINK_dynamic_blocks)
UNIT_LINK_dynamic_threads := $(UNIT_LINK_dynamic_blocks)
UNIT_LINK_dynamic_lifetime := $(UNIT_LINK_dynamic_blocks)
UNIT_LINK_dynamic_interrupts := -Wl,--defsym=PERCPU_DYNAMIC=16384
# Its library tells it of each basic block that runs.
$(H)/traced/%.o: HOST_CFLAGS += -fsanitize-coverage=trace-pc
$(H)/traced/%.o: %.c $(H)/include/percpu/config.h
	@mkdir -p $(@D)
	$(call say,HOSTCC,$@)$(HOST_CC) $(HOST_CFLAGS) -c $< -o $@
$(H)/dynamic_interrupts: $(patsubst %.c,$(H)/traced/%.o,\
	$(addprefix lib/,dynamic.c grow.c lock.c set.c memory.c) $(wildcard lib/$(PERCPU_MODE)/*.c))
$(UNIT_TESTS): $(H)/%: $(H)/tests/unit/%.o $(HOST_CODE) $(H)/libpercpu.a ldscripts/host.ld \
		ldscripts/percpu.ld
	$(call say,HOSTLD,$@)$(HOST_CC) $(HOST_CFLAGS) -o $@ $(filter %.o,$^) \
		$(filter %.a,$^) -L ldscripts $(UNIT_LINK_$(*F)) -Wl,-T,ldscripts/host.ld

$(H)/$(MACHINE)/%.o: HOST_CFLAGS := $(HOST_CFLAGS:-Iports/host=-Iports/$(MACHINE))
$(H)/$(MACHINE)/%.o: %.c $(H)/include/percpu/config.h
	@mkdir -p $(@D)
	$(call say,HOSTCC,$@)$(HOST_CC) $(HOST_CFLAGS) -c $< -o $@

$(MACHINE_TESTS): $(H)/tests/unit/memory.o $(H)/$(MACHINE)/lib/memory.o $(HOST_CODE) \
		$(H)/libpercpu.a ldscripts/host.ld ldscripts/percpu.ld
	$(call say,HOSTLD,$@)$(HOST_CC) $(HOST_CFLAGS) -o $@ $(filter %.o %.a,$^) -L ldscripts \
		-Wl,-T,ldscripts/host.ld

# Real device trees, as QEMU makes them.
$(H)/trees/riscv64-virt.dtb: DUMP = qemu-system-riscv64 -smp 4 -machine virt
$(H)/trees/riscv64-sifive_u.dtb: DUMP = qemu-system-riscv64 -smp 5 -machine sifive_u
$(H)/trees/aarch64-virt.dtb: DUMP = qemu-system-aarch64 -smp 18 -cpu cortex-a57 \
	-machine virt,gic-version=3
# Nodes as kernels/numa has them.
$(H)/trees/riscv64-nodes.dtb: DUMP = qemu-system-riscv64 -smp 8 \
	$(QEMU_numa_virt-riscv64) -machine virt
$(H)/trees/aarch64-nodes.dtb: DUMP = qemu-system-aarch64 -smp 8 -cpu cortex-a57 \
	$(QEMU_numa_virt-aarch64) -machine virt,gic-version=3
$(UNIT_TREES):
	@mkdir -p $(@D)
	$(call say,DTB,$@)$(DUMP),dumpdtb=$@ >$@.log 2>&1 || { cat $@.log; exit 1; }

# And those of ours.
$(H)/trees/%.dtb: boards/raspi3b/%.dts
	@mkdir -p $(@D)
	$(call say,DTC,$@)$(DTC) -o $@ $<

-include $(wildcard $(H)/*/*.d $(H)/*/*/*.d $(H)/*/*/*/*.d)

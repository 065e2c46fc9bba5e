# SPDX-License-Identifier: MIT
# make fuzz: the parsers of firmware's tables, the loader of modules, and the library's part for
# memory and CPUs that come and go, under libFuzzer, ASan and UBSan. Included by the Makefile for no architecture.

# How many inputs each parser is tried on, from the same seed each time: so many that all of it takes
# a minute of two CPUs at most. FUZZ_RUNS=10000000 is for a night.
FUZZ_RUNS ?= 40000
FUZZ := $(O)/fuzz
FUZZ_CC := clang-$(LLVM_VERSION)
FUZZ_CFLAGS := -std=gnu11 -O1 -g $(WARNINGS) -I. -fno-sanitize-recover=all \
	-fsanitize=fuzzer,address,undefined -DPC_MEMORY=0x200000000000

# tests/fuzz/seeds: device trees by QEMU 7.2's -machine dumpdtb with two CPUs, cut to what their
# header says is used, and that of boards/raspi3b; tables by its monitor's pmemsave, with four.
# x2apic has an entry of type 9 and one of type 5 added; in xsdt-ebda-top the tables are at the end
# of 4 GiB, with an XSDT. FADTs are those of its pc, q35 and microvm. The multiboot information is GRUB 2.06's and QEMU's, by pmemsave when the
# kernel had ended. Modules are three of kernels/module/loaded, by riscv64's GCC with -Os.

# Of each parser, its files; of each control, the parser, the file that it breaks, and how: a check
# left out, which the fuzzer has to notice. No parser has a kernel's name, whose FILES_ are its own.
FUZZ_PARSERS := fdt madt srat slit fadt acpi multiboot multiboot2 modules dynamic
FILES_fdt  := $(addprefix boards/common/,fdt.c devicetree.c nodes.c)
FILES_madt := boards/pc/madt.c
FILES_srat := boards/pc/srat.c
FILES_slit := boards/pc/slit.c
FILES_fadt := boards/pc/fadt.c
FILES_acpi := boards/pc/acpi.c
FILES_multiboot  := boards/pc/multiboot.c boards/pc/loader.c boards/pc/multiboot2.c
FILES_multiboot2 := $(FILES_multiboot)
FILES_modules := kernels/module/file.c kernels/module/loader.c kernels/module/relocate.c \
	arch/riscv64/relocate.c
FLAGS_modules := -I$(FUZZ)/include -Iinclude -Iports/host
# The library's part is no parser: what is fed are calls of it.
FILES_dynamic := ports/host/host.c $(wildcard lib/*.c lib/smp/*.c lib/image/*.c)
FLAGS_dynamic := -fsanitize-ignorelist=tests/unit/asan.ignore -I$(FUZZ)/include -Iinclude -Iports/host -L ldscripts -Wl,-T,ldscripts/host.ld \
	-Wl,--defsym=CPU_NUM=3 -Wl,--defsym=PERCPU_DYNAMIC=1024

FUZZ_CONTROLS := fdt-header-unchecked fdt-value-unchecked fdt-name-unchecked fdt-cpus-unbounded \
	fdt-path-unbounded fdt-ram-unbounded fdt-reservations-unchecked \
	madt-entry-unchecked madt-cpus-unbounded madt-endless \
	srat-entry-unchecked srat-size-unchecked srat-memory-unbounded srat-endless \
	slit-length-unchecked slit-nodes-unchecked \
	fadt-length-unchecked fadt-port-unchecked \
	acpi-address-unchecked acpi-length-unchecked acpi-sum-unchecked \
	multiboot-map-unchecked multiboot-entry-unchecked multiboot-name-unchecked \
	multiboot2-total-unchecked multiboot2-tag-unchecked multiboot2-entry-unchecked \
	multiboot2-string-unchecked multiboot2-rsdp-unchecked multiboot2-endless \
	multiboot2-pages-unbounded \
	modules-symbol-unchecked \
	dynamic-inside-unchecked dynamic-map-unchecked dynamic-hint-too-low dynamic-undone-too-far
BREAK_fdt-header-unchecked := common/fdt.c s/fdt->structure_size > total - structure ||//
BREAK_fdt-value-unchecked  := common/fdt.c s/token->size > fdt->structure_size - at ||//
BREAK_fdt-name-unchecked   := common/fdt.c s/|| name >= fdt->strings_size//
BREAK_fdt-cpus-unbounded   := common/devicetree.c s/if (count < max)//
BREAK_fdt-path-unbounded   := common/fdt.c s/if (depth < max)//
BREAK_fdt-ram-unbounded    := common/nodes.c s/if (list->count < list->max)//
BREAK_fdt-reservations-unchecked := common/fdt.c s/offset < FDT_HEADER_SIZE || offset > fdt->size/0/
BREAK_srat-entry-unchecked := pc/srat.c s/|| e\[1\] > bytes_left(srat, e)//
BREAK_srat-size-unchecked  := pc/srat.c s/e\[1\] < least_size(e\[0\])/e[1] < 2/
BREAK_srat-memory-unbounded := pc/srat.c s/if (count < max)//
BREAK_srat-endless         := pc/srat.c s/return 2;/return 0;/
BREAK_slit-length-unchecked := pc/slit.c s/length - TABLE_DISTANCES < nodes \* nodes/0/
BREAK_slit-nodes-unchecked := pc/slit.c s/|| nodes > MAX_NODES//
BREAK_madt-entry-unchecked := pc/madt.c s/|| next\[1\] > end - next//
BREAK_madt-cpus-unbounded  := pc/madt.c s/if (count < max)//
BREAK_madt-endless         := pc/madt.c s/|| next\[1\] < 2//
BREAK_fadt-length-unchecked := pc/fadt.c s/length >= TIMER_END \&\&//
BREAK_fadt-port-unchecked  := pc/fadt.c s/port <= UINT16_MAX - 3/1/
BREAK_acpi-address-unchecked := pc/acpi.c s/!is_unmapped(address) \&\&//
BREAK_acpi-length-unchecked  := pc/acpi.c s/address <= PC_MAPPED - length \&\&//
BREAK_acpi-sum-unchecked     := pc/acpi.c s/sum_is_zero(table, length)/1/
BREAK_multiboot-map-unchecked := pc/multiboot.c s/size > LOADER_MAX_SIZE || !pc_readable(address, size)/0/
BREAK_multiboot-entry-unchecked := pc/multiboot.c s/|| entry_size > size//
BREAK_multiboot-name-unchecked := pc/multiboot.c s/, PC_MAPPED - address)/, PC_MAPPED)/
BREAK_multiboot2-total-unchecked := pc/multiboot2.c s/|| !pc_readable(address, total)//
BREAK_multiboot2-tag-unchecked := pc/multiboot2.c s/|| size > total - at//
BREAK_multiboot2-entry-unchecked := pc/multiboot2.c s/ \&\& entry_size <= size - at//
BREAK_multiboot2-string-unchecked := pc/loader.c s/ \&\& n < size//
BREAK_multiboot2-rsdp-unchecked := pc/multiboot2.c s/size - TAG_DATA < rsdp_size ||//
BREAK_multiboot2-endless := pc/multiboot2.c s/size < TAG_DATA ||//
BREAK_multiboot2-pages-unbounded := pc/loader.c s/length < low_end - base/1/
BREAK_modules-symbol-unchecked := kernels/module/file.c s/if (number >= count)/if (0)/
BREAK_dynamic-inside-unchecked := lib/set.c s/% GRANULE == 0 \&\& bit(set->first, at)/% GRANULE == 0/
BREAK_dynamic-map-unchecked := lib/grow.c s/if (is_taken(map, percpu_map_size(bytes)))/if (0)/
BREAK_dynamic-hint-too-low := lib/set.c s/set->hint < set->free/0/
BREAK_dynamic-undone-too-far := lib/hotplug.c s/undo(c - 1, cpu)/undo(c, cpu)/

FUZZ_TARGETS := $(FUZZ_PARSERS:%=$(FUZZ)/%)
FUZZ_BROKEN  := $(FUZZ_CONTROLS:%=$(FUZZ)/%)

.PHONY: fuzz
fuzz: $(FUZZ_TARGETS) $(FUZZ_BROKEN) ## firmware's tables, mutated, into their parsers; calls in any order
	$(Q)TEST_OUT=$(FUZZ) TEST_RUNS=$(FUZZ_RUNS) TEST_CONTROLS='$(FUZZ_CONTROLS)' $(PROVE) \
		--comments --exec '$(PYTHON) tests/fuzz/run.py' $(FUZZ_PARSERS)

.SECONDEXPANSION:
$(FUZZ_TARGETS): $(FUZZ)/%: tests/fuzz/%.c tests/fuzz/fuzz.h $$(FILES_$$*) \
		$(wildcard boards/*/*.h tests/fuzz/*.h) tests/use_tree.h tests/fuzz/fuzz.mk
	$(call need,$(FUZZ_CC),clang-1% libclang-rt-%)
	@mkdir -p $(@D)
	$(call say,FUZZCC,$@)$(FUZZ_CC) $(FUZZ_CFLAGS) -o $@ $(filter %.c,$^) $(FLAGS_$*)
$(FUZZ)/dynamic: ldscripts/host.ld ldscripts/percpu.ld
$(FUZZ)/dynamic $(FUZZ)/modules: $(FUZZ)/include/percpu/config.h \
	$(wildcard lib/*.h lib/*/*.h include/*.h include/*/*.h ports/host/*.h kernels/module/*.h arch/*.h)

# The control's parser, its broken file and the others.
control-parser = $(firstword $(subst -, ,$(1)))
control-file = $(patsubst boards/kernels/%,kernels/%,\
	$(patsubst boards/lib/%,lib/%,boards/$(firstword $(BREAK_$(1)))))
$(FUZZ_BROKEN): $(FUZZ)/%: $(FUZZ)/$$(call control-parser,$$*) tests/fuzz/fuzz.mk
	@mkdir -p $@.d
	@sed '$(wordlist 2,99,$(BREAK_$*))' $(call control-file,$*) >$@.d/broken.c
	@! cmp -s $@.d/broken.c $(call control-file,$*) || \
		{ echo 'tests/fuzz/fuzz.mk: $* changes nothing in $(call control-file,$*)' >&2; exit 1; }
	$(call say,FUZZCC,$@)$(FUZZ_CC) $(FUZZ_CFLAGS) -w -I$(dir $(call control-file,$*)) -o $@ \
		tests/fuzz/$(call control-parser,$*).c $@.d/broken.c \
		$(filter-out $(call control-file,$*),$(FILES_$(call control-parser,$*))) \
		$(FLAGS_$(call control-parser,$*))

# SPDX-License-Identifier: MIT
# make prove: percpu-check --prove on the kernels of this tree, and on sequences with faults, which
# it must find. Included by the Makefile for one architecture.

# All kernels, with these settings, whatever config.mk says; and sweep, which has every operation,
# in other configurations. Each: the name of its folder and, behind commas, what make is told, with
# ~ for a space.
PROVE_KERNELS_aarch64 := zero,PERCPU_VMA=zero,NOLOAD=0,PERCPU_ARM_EL=2
PROVE_KERNELS_riscv64 := tp,PERCPU_RISCV_REG=tp,PERCPU_RISCV_LEVEL=m zero,PERCPU_VMA=zero,NOLOAD=0 \
	pie,OPT=-O2~-DPERCPU_RISCV_PIE=1
PROVE_KERNELS := $(PROVE_KERNELS_$(ARCH))
PROVE_SETTINGS := PERCPU_MODE=smp PERCPU_VMA=image PERCPU_DEBUG=0 OPT=-O2 PERCPU_PREEMPT=restart \
	NOLOAD=0 PARTIAL=0 PERCPU_ARM_EL=1 PERCPU_RISCV_REG=gp PERCPU_RISCV_LEVEL=s
# No name of a folder here: of that prove(1) would run the files.
PROVE_TESTS := sequences table faults command decoder instructions

prove-told = $(foreach setting,$(wordlist 2,99,$(subst $(comma), ,$(1))),'$(subst ~, ,$(setting))')
prove-folder = $(O)/prove/$(firstword $(subst $(comma), ,$(1)))

.PHONY: prove-program
prove: ## prove each restartable sequence of the kernels by z3, and find planted faults
ifeq ($(ARCH),x86_64)
	@echo '  x86_64 has nothing to prove: each of its operations is one instruction'
else
	$(Q)$(MAKE) ARCH=$(ARCH) $(PROVE_SETTINGS) O=$(O)/restart kernels prove-program
	$(foreach kernel,$(PROVE_KERNELS),$(Q)$(MAKE) ARCH=$(ARCH) $(PROVE_SETTINGS) \
		$(call prove-told,$(kernel)) KERNELS=sweep O=$(call prove-folder,$(kernel)) kernels$(newline))
	$(Q)TEST_ARCH='$(ARCH)' TEST_OBJDUMP='$(TRIPLE)-objdump' \
		TEST_KERNELS='$(O)/restart/$(TRIPLE)/$(BOARD) $(foreach kernel,$(PROVE_KERNELS),$(call \
		prove-folder,$(kernel))/$(TRIPLE))' TEST_PROGRAM='$(O)/restart/$(TRIPLE)/prove/program.elf' \
		TEST_QEMU='$(BOARD_QEMU)' $(PROVE) --exec '$(PYTHON) tests/prove/check.py' $(PROVE_TESTS)
endif

# In a make that has the settings.
PROVE_OBJECTS := $(B)/prove/program.o $(B)/prove/faults_$(ARCH).o
prove-program: $(B)/prove/program.elf

$(B)/prove/%.o: tests/prove/%.c $(FLAGS) | $(CONFIG)
	@mkdir -p $(@D)
	$(call say,CC,$@)$(CC) $(KERNEL_CFLAGS) -c $< -o $@

$(B)/prove/%.o: tests/prove/%.S tests/prove/asm.h $(FLAGS) | $(CONFIG)
	@mkdir -p $(@D)
	$(call say,AS,$@)$(CC) $(KERNEL_CFLAGS) -c $< -o $@

$(B)/prove/program.elf: $(PROVE_OBJECTS) $(LIBRARY) tests/prove/program.ld ldscripts/percpu.ld
	$(call say,LD,$@)$(LD) $(ARCH_LDFLAGS) -static -nostdlib -z noexecstack -L ldscripts \
		-T tests/prove/program.ld -o $@ $(PROVE_OBJECTS) $(LIBRARY)

-include $(PROVE_OBJECTS:.o=.d)

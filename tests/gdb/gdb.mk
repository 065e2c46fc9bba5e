# SPDX-License-Identifier: MIT
# make gdb-test: GDB's commands on a kernel under QEMU. Included by the Makefile for one
# architecture, behind codegen.mk, which knows the compiler of C++. The kernel is smp, with a second
# static variable of one name; faces is smp with variables of the other faces.

# sequences is for PERCPU_PREEMPT restart, single for PERCPU_MODE sp, whose for all others.
# handles is the same on each architecture, and done on one.
GDB_TESTS := areas $(if $(filter usermode,$(KERNELS)),user-mode) faces untyped files by-itself \
	$(if $(filter x86_64,$(ARCH)),handles)
$(if $(filter gdb-test,$(MAKECMDGOALS)),$(if $(filter single,$(GDB_TESTS))$(filter smp,$(PERCPU_MODE)),,\
	$(error gdb-test needs PERCPU_MODE=smp: for the other it has GDB_TESTS=single only)))
GDB_KERNEL := $(if $(filter sp,$(PERCPU_MODE)),hello,smp)
GDB_IMAGES := gdb $(if $(filter user-mode,$(GDB_TESTS)),usermode) \
	$(if $(filter faces,$(GDB_TESTS)),faces) $(if $(filter handles,$(GDB_TESTS)),hotplug)
GDB_OBJECTS := $(call kernel-objects,$(GDB_KERNEL)) $(call objects,tests/gdb/same_name.c)
FACES_OBJECTS := $(call kernel-objects,smp) $(K)/tests/gdb/faces.c.o \
	$(if $(shell command -v $(firstword $(CXX))),$(K)/tests/gdb/faces.cc.o)

$(K)/tests/gdb/faces.cc.o: tests/gdb/faces.cc $(FLAGS) | $(CONFIG)
	@mkdir -p $(@D)
	$(call say,CXX,$@)$(CXX) $(CODEGEN_CXXFLAGS) -g -MMD -MP -c $< -o $@

$(K)/faces.elf: $(FACES_OBJECTS) $(LIBRARY) $(FLAGS) $(wildcard ldscripts/*.ld ldscripts/*/*.ld)
	$(call say,LD,$@)$(LD) $(KERNEL_LDFLAGS) -o $@ $(FACES_OBJECTS) $(LIBRARY)

$(K)/gdb.elf: $(GDB_OBJECTS) $(LIBRARY) $(FLAGS) $(wildcard ldscripts/*.ld ldscripts/*/*.ld)
	$(call say,LD,$@)$(LD) $(KERNEL_LDFLAGS) -o $@ $(GDB_OBJECTS) $(LIBRARY)

gdb-test: $(K)/gdb.elf $(GDB_IMAGES:%=$(K)/%.$(BOARD_IMAGE)) ## GDB's commands, under QEMU
	$(call need,gdb-multiarch,gdb-multiarch)
	$(Q)$(TEST_MACHINE) TEST_KERNEL='$(K)/gdb.elf' TEST_OBJCOPY='$(OBJCOPY)' TEST_OUT='$(B)/gdb' \
		$(PROVE) --exec '$(PYTHON) tests/gdb/check.py' $(GDB_TESTS)
ifeq ($(origin GDB_TESTS),file)
	$(Q)$(MAKE) ARCH=$(ARCH) PERCPU_PREEMPT=restart O=$(O)/restart GDB_TESTS=sequences gdb-test
	$(Q)$(MAKE) ARCH=$(ARCH) $(ARCH_GDB) O=$(O)/$(lastword $(subst =, ,$(ARCH_GDB))) \
		GDB_TESTS=$(if $(filter %=sp,$(ARCH_GDB)),single,whose) gdb-test
endif

-include $(patsubst %,$(K)/tests/gdb/%.d,same_name.c faces.c faces.cc)

# SPDX-License-Identifier: 0BSD
# Below EL2 there is EL1, not EL0, unless VHE is on. A single CPU has no register to lose.
UNFIT_usermode := $(filter sp,$(PERCPU_MODE)) $(filter 2,$(PERCPU_ARM_EL))
NEEDS_usermode := PERCPU_MODE=smp and PERCPU_ARM_EL=1
# Interrupts at every instruction, of user code too: see kernels/preempt.
ACCEL_usermode = $(ONE_BY_ONE)
# User mode with a page table of its own: TPIDR_EL1 needs nothing for that.
# An entry that trusts user code must be seen. PERCPU_DEBUG would catch it first. By itself it brings
# kernels/swapgs along, which is what x86_64 has to prove about user mode.
CONTROLS_usermode = $(if $(filter x86_64,$(ARCH)),usermode-fsgsbase \
	$(if $(filter usermode,$(KERNEL)),swapgs@4 $(CONTROLS_swapgs))) \
	$(if $(filter aarch64,$(ARCH)),,C44-own-table C44-own-table-too-early \
		$(if $(filter x86_64,$(ARCH)),C44-own-table-fsgsbase)) \
	$(if $(filter 0,$(PERCPU_DEBUG)),usermode-trusting usermode-lost \
		$(if $(filter aarch64,$(ARCH)),,C44-own-table-trusting))

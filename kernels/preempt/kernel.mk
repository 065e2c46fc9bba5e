# SPDX-License-Identifier: 0BSD
# It moves threads, which none does not allow and a single CPU does not do.
UNFIT_preempt := $(filter none,$(PERCPU_PREEMPT)) $(filter sp,$(PERCPU_MODE))
NEEDS_preempt := PERCPU_PREEMPT=restart or hooks and PERCPU_MODE=smp
# For blocks.c and cache.c.
LINK_preempt := --defsym=PERCPU_DYNAMIC=640
# It is about interrupts in the middle of operations. QEMU takes them between the blocks of code that
# it translates, which otherwise hold a whole operation; so, a block for each instruction. Unlike
# -icount, it leaves the CPUs running at the same time.
ACCEL_preempt = $(ONE_BY_ONE)
# Unprotected, it has to lose something: operations of more than one instruction, or what percpu_with
# does. PERCPU_DEBUG would catch that first, and takes the time of the others.
CONTROLS_preempt = $(if $(filter 0,$(PERCPU_DEBUG)),$(if $(filter hooks,$(PERCPU_PREEMPT)),\
	preempt-without-hooks,$(if $(filter-out x86_64,$(ARCH)),preempt-without-fix-up)))

# SPDX-License-Identifier: 0BSD
# PERCPU_DEBUG would catch it, for it gives its CPU the area of another; a single CPU has no other;
# and without optimisation, operations are longer than its sled.
UNFIT_sweep := $(filter 1,$(PERCPU_DEBUG)) $(filter sp,$(PERCPU_MODE)) $(filter -O0,$(OPT))
NEEDS_sweep := PERCPU_DEBUG=0, PERCPU_MODE=smp and an OPT that is not -O0
# It counts instructions: QEMU's clock does too. It has a single CPU, whatever SMP says.
QEMU_sweep := -icount shift=0
SMP_sweep  := 1
# Unprotected, it has to lose something where an operation is more than one instruction.
CONTROLS_sweep = $(if $(filter-out x86_64,$(ARCH)),$(if $(filter restart,$(PERCPU_PREEMPT)),\
	sweep-without-fix-up)$(if $(filter hooks,$(PERCPU_PREEMPT)),sweep-without-hooks))
# The variable that is allocated.
LINK_sweep := --defsym=PERCPU_DYNAMIC=256

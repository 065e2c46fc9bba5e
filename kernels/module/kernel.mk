# SPDX-License-Identifier: 0BSD
# It moves the thread by giving its CPU the area of another, as sweep; a single CPU has no other; and
# PERCPU_VMA=zero has no reserve.
UNFIT_module := $(filter 1,$(PERCPU_DEBUG)) $(filter sp,$(PERCPU_MODE)) $(filter zero,$(PERCPU_VMA)) \
	$(filter -O0,$(OPT))
NEEDS_module := PERCPU_MODE=smp, PERCPU_VMA=image, PERCPU_DEBUG=0 and an OPT that is not -O0
# What a loader must know of the architecture, and how an interrupt is had before each instruction.
ALSO_module = $(addprefix arch/$(ARCH)/,relocate.c code.c) \
	$(addprefix kernels/sweep/,sled.S attempt.c rounds.c)
# As kernels/sweep.
QEMU_module := -icount shift=0
# The second one comes when the sweep is over. Without firmware it would wait for that in a loop, and
# QEMU's clock counts its instructions too.
SMP_module = $(if $(filter none,$(FIRMWARE)),1,2)
# Its reserve: what module loaded/big.c has is too much.
LINK_module := --defsym=PERCPU_DYNAMIC=8192
# The modules, compiled like the kernel, are in its image as files.
FILES_module := counter other near line distance big unknown constructor each_cpu

# SPDX-License-Identifier: 0BSD
# It moves the thread by giving its CPU the area of another; it shows that sequences of one's own
# start over; and those that are in C name a variable as percpu.ld lays it out.
UNFIT_sequences := $(filter 1,$(PERCPU_DEBUG)) $(filter-out restart,$(PERCPU_PREEMPT)) \
	$(filter sp,$(PERCPU_MODE)) $(filter zero,$(PERCPU_VMA))
NEEDS_sequences := PERCPU_PREEMPT=restart, PERCPU_MODE=smp, PERCPU_VMA=image and PERCPU_DEBUG=0
# The sequences, and how an interrupt is had before each instruction.
ALSO_sequences = $(addprefix arch/$(ARCH)/sequences,.S .c) \
	$(addprefix kernels/sweep/,sled.S attempt.c rounds.c)
# The two magazines of percpu/cache.h that each CPU has.
LINK_sequences := --defsym=PERCPU_DYNAMIC=256
# As kernels/sweep.
QEMU_sequences := -icount shift=0
SMP_sequences  := 1

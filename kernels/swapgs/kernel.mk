# SPDX-License-Identifier: 0BSD
# SWAPGS is x86_64's, and this is its board. A single CPU has no register to lose.
UNFIT_swapgs := $(filter-out x86_64 pc,$(or $(ARCH),$(BOARD))) $(filter sp,$(PERCPU_MODE))
NEEDS_swapgs := ARCH=x86_64 and PERCPU_MODE=smp
# More ways to run it; and those that must fail, which PERCPU_DEBUG would catch first.
CONTROLS_swapgs = C50-sysret-of-amd C50-sysret-of-amd-own-table C17-fsgsbase C17-machine-check \
	C17-machine-check-fsgsbase C17-machine-check-in-nmi C17-double-fault \
	C44-border C44-border-machine-check C44-border-double-fault \
	$(if $(filter 0,$(PERCPU_DEBUG)),C17-trusts-cs C17-trusts-sign)

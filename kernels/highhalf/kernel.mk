# SPDX-License-Identifier: 0BSD
# EL2, used without VHE, has no higher half, and a template at 0 does not move.
UNFIT_highhalf := $(filter 2,$(PERCPU_ARM_EL)) $(filter zero,$(PERCPU_VMA))
NEEDS_highhalf := PERCPU_ARM_EL=1 and PERCPU_VMA=image

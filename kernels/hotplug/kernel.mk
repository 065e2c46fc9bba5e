# SPDX-License-Identifier: 0BSD
# A single CPU does not stop, and a template at 0 has no room for what is allocated.
UNFIT_hotplug := $(filter sp,$(PERCPU_MODE)) $(filter zero,$(PERCPU_VMA))
NEEDS_hotplug := PERCPU_MODE=smp and PERCPU_VMA=image
LINK_hotplug  := --defsym=PERCPU_DYNAMIC=4096

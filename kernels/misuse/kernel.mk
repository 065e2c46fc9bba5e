# SPDX-License-Identifier: 0BSD
UNFIT_misuse := $(filter 0,$(PERCPU_DEBUG))
NEEDS_misuse := PERCPU_DEBUG=1, which alone catches what it does
# What is caught.
MISUSES = C12-before-init C12-not-bound C12-area-of-another-cpu C12-number-taken-twice \
	C13-remote-write-races C38-register-moved-with-thread C37-two-cpus-at-once C41-misaligned \
	$(if $(filter image,$(PERCPU_VMA)),template-written) \
	$(if $(filter x86_64,$(ARCH)),C62-without-leaf-0bh) \
	$(if $(filter none,$(PERCPU_PREEMPT)),,pointer-while-preemptible)

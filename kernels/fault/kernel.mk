# SPDX-License-Identifier: 0BSD
# Runs in which a stack overflows.
CONTROLS_fault = $(if $(filter smp,$(PERCPU_MODE)),\
	C63-stack-of-cpu-0 C63-stack-of-cpu-1 C63-into-the-next-stack)

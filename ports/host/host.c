/* SPDX-License-Identifier: MIT */
/* The host port's two registers, one of each for every thread: a thread is a CPU. */
#include <percpu.h>

__thread uintptr_t percpu_host_register;
__thread uintptr_t percpu_host_irqs_off;

/* For percpu.ld. */
__asm__(".globl libpercpu__host\n.set libpercpu__host, 0");

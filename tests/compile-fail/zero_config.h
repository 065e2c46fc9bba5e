/* SPDX-License-Identifier: MIT */
/* What dynamic_zero.c is refused with. */
#define PERCPU_MODE smp
#define PERCPU_PREEMPT none
#define PERCPU_VMA zero
#define PERCPU_ARM_EL 1
#define PERCPU_RISCV_REG gp
#define PERCPU_RISCV_LEVEL s
#define PERCPU_DEBUG 0
#define PERCPU_CACHE_LINE 64

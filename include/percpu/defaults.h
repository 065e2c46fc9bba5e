/* SPDX-License-Identifier: MIT */
/*
 * The configuration where no file says it: what config.mk has. -DPERCPU_MODE=sp, or the like,
 * changes a value, for all files of the kernel and of the library alike; those that differ do not
 * link. Only these names are looked at: -D of another one changes nothing. percpu.mk, CMake and
 * Meson refuse it.
 */
#ifndef PERCPU_DEFAULTS_H
#define PERCPU_DEFAULTS_H

#ifndef PERCPU_MODE
#define PERCPU_MODE smp
#endif
#ifndef PERCPU_PREEMPT
#define PERCPU_PREEMPT none
#endif
#ifndef PERCPU_VMA
#define PERCPU_VMA image
#endif
#ifndef PERCPU_ARM_EL
#define PERCPU_ARM_EL 1
#endif
#ifndef PERCPU_RISCV_REG
#define PERCPU_RISCV_REG gp
#endif
#ifndef PERCPU_RISCV_LEVEL
#define PERCPU_RISCV_LEVEL s
#endif
#ifndef PERCPU_DEBUG
#define PERCPU_DEBUG 0
#endif
#ifndef PERCPU_CACHE_LINE
#define PERCPU_CACHE_LINE 64
#endif

#endif

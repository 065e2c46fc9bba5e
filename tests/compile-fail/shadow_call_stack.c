/* SPDX-License-Identifier: MIT */
/*
 * C39: gp is the per-CPU register, and, from version 17 on, where Clang keeps its shadow call
 * stack; which it can where tp is the register. An older one, which uses s2, is told that it is 17.
 * only: riscv64 clang
 * flags: -fsanitize=shadow-call-stack -ffixed-x18
 * flags: -Wno-builtin-macro-redefined -U__clang_major__ -D__clang_major__=17
 * expect: libpercpu: -fsanitize=shadow-call-stack takes gp: configure PERCPU_RISCV_REG=tp
 */
#ifdef PERCPU_CONFIG_FILE /* included again, as the configuration */

#define PERCPU_MODE smp
#define PERCPU_PREEMPT none
#define PERCPU_VMA image
#define PERCPU_DEBUG 0
#define PERCPU_CACHE_LINE 64
#define PERCPU_ARM_EL 1
#define PERCPU_RISCV_LEVEL s
#ifdef WRONG
#define PERCPU_RISCV_REG gp
#else
#define PERCPU_RISCV_REG tp
#endif

#else

#define PERCPU_CONFIG_FILE __BASE_FILE__
#include <percpu.h>

PERCPU_DEFINE(uint64_t, variable);

uint64_t use(void);

uint64_t use(void)
{
	return percpu_inc_return(variable);
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The configuration, and the symbols that come of it. For C and for assembly.
 *
 * What a file says, PERCPU_CONFIG_FILE or percpu/config.h, which make writes, says all of it: there
 * nothing is taken as given, so that a name with a slip in it is missed. Without a file there are
 * defaults (percpu/defaults.h), each of which -D changes.
 *
 * The symbols of the library's functions carry the configuration, and the version of what is
 * between them and the header, so that a program and a library of different ones do not link:
 * percpu_init is the symbol percpu_init__smp_none_image_line64_debug0_gp_s_v2, or the like.
 */
#ifndef PERCPU_CONFIGURATION_H
#define PERCPU_CONFIGURATION_H

#if __SIZEOF_POINTER__ == 4
#error "libpercpu: a pointer has 8 bytes, and by the compiler's flags it has not: leave out -mx32, or -mabi=ilp32"
#endif
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "libpercpu: every port is little-endian, and by the compiler's flags the CPU is not: leave out -mbig-endian"
#endif

#if defined PERCPU_CONFIG_FILE || __has_include(<percpu/config.h>)
#if defined PERCPU_MODE || defined PERCPU_PREEMPT || defined PERCPU_VMA ||                         \
	defined PERCPU_ARM_EL || defined PERCPU_RISCV_REG || defined PERCPU_RISCV_LEVEL ||         \
	defined PERCPU_DEBUG || defined PERCPU_CACHE_LINE
#error "libpercpu: the configuration is in a file, and in -D too: leave out one of them"
#endif
#ifdef PERCPU_CONFIG_FILE
#include PERCPU_CONFIG_FILE
#else
#include <percpu/config.h>
#endif
#else
#include <percpu/defaults.h>
#endif

#define PERCPU__GLUE_(a, b) a##b
#define PERCPU__GLUE(a, b) PERCPU__GLUE_(a, b)

/* See percpu.h. What concerns one architecture only stands in its port. */
#define PERCPU_IS_SMP (PERCPU__MODE == 1)
#define PERCPU_IS_SP (PERCPU__MODE == 2)
#define PERCPU_IS_NONE (PERCPU__PREEMPT == 1)
#define PERCPU_IS_HOOKS (PERCPU__PREEMPT == 2)
#define PERCPU_IS_RESTART (PERCPU__PREEMPT == 3)
#define PERCPU_IS_IMAGE (PERCPU__VMA == 1)
#define PERCPU_IS_ZERO (PERCPU__VMA == 2)

/* The words as numbers, which #if can compare; a word that is not here is 0. */
#define PERCPU__MODE_smp 1
#define PERCPU__MODE_sp 2
#define PERCPU__MODE PERCPU__GLUE(PERCPU__MODE_, PERCPU_MODE)
#define PERCPU__PREEMPT_none 1
#define PERCPU__PREEMPT_hooks 2
#define PERCPU__PREEMPT_restart 3
#define PERCPU__PREEMPT PERCPU__GLUE(PERCPU__PREEMPT_, PERCPU_PREEMPT)
#define PERCPU__VMA_image 1
#define PERCPU__VMA_zero 2
#define PERCPU__VMA PERCPU__GLUE(PERCPU__VMA_, PERCPU_VMA)

/* Whether accesses may be restartable sequences; for a single CPU nothing needs to start over. */
#define PERCPU__RESTARTS (PERCPU_IS_SMP && PERCPU_IS_RESTART)
/* For users: 1 where sequences of their own start over (percpu/sequence.h), else 0. */
#define PERCPU_SEQUENCES PERCPU__RESTARTS

#ifndef PERCPU_MODE
#error "libpercpu: PERCPU_MODE is smp or sp, and the configuration lacks it"
#elif PERCPU__MODE == 0
#error "libpercpu: PERCPU_MODE is smp or sp"
#endif
#ifndef PERCPU_PREEMPT
#error "libpercpu: PERCPU_PREEMPT is none, hooks or restart, and the configuration lacks it"
#elif PERCPU__PREEMPT == 0
#error "libpercpu: PERCPU_PREEMPT is none, hooks or restart"
#endif
#ifndef PERCPU_VMA
#error "libpercpu: PERCPU_VMA is image or zero, and the configuration lacks it"
#elif PERCPU__VMA == 0
#error "libpercpu: PERCPU_VMA is image or zero"
#endif
#if PERCPU_IS_ZERO && !PERCPU_IS_SMP
#error "libpercpu: PERCPU_VMA zero is for PERCPU_MODE smp"
#endif
#ifndef PERCPU_DEBUG
#error "libpercpu: PERCPU_DEBUG is 0 or 1, and the configuration lacks it"
#elif PERCPU_DEBUG != 0 && PERCPU_DEBUG != 1
#error "libpercpu: PERCPU_DEBUG is 0 or 1"
#endif
#ifndef PERCPU_CACHE_LINE
#error "libpercpu: PERCPU_CACHE_LINE is 64 or 128, and the configuration lacks it"
#elif PERCPU_CACHE_LINE != 64 && PERCPU_CACHE_LINE != 128
#error "libpercpu: PERCPU_CACHE_LINE is 64 or 128"
#endif

/* PERCPU_VERSION / 100: before 1.0 each minor version has an ABI of its own. */
#define PERCPU__ABI 2

#define PERCPU_SYMBOL(function)                                                                    \
	PERCPU__PASTE(function, PERCPU_MODE, PERCPU_PREEMPT, PERCPU_VMA, PERCPU_CACHE_LINE,        \
		      PERCPU_DEBUG, PERCPU_ARCH_CONFIG, PERCPU__ABI)
#define PERCPU__PASTE(...) PERCPU__PASTE_(__VA_ARGS__)
#define PERCPU__PASTE_(function, mode, preempt, vma, line, debug, arch, abi)                       \
	function##__##mode##_##preempt##_##vma##_line##line##_debug##debug##_##arch##_v##abi

#define PERCPU__STRING_(...) #__VA_ARGS__
#define PERCPU__STRING(...) PERCPU__STRING_(__VA_ARGS__)

#endif

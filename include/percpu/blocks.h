/* SPDX-License-Identifier: MIT */
/*
 * What percpu/counter.h, record.h, ref.h and rlock.h share. Included by them only; a kernel that
 * includes none of these has nothing of it.
 */
#ifndef PERCPU_BLOCKS_H
#define PERCPU_BLOCKS_H

#include <percpu.h>

#if !defined __clang__ && (defined __cplusplus || __GNUC__ >= 14)
#pragma GCC system_header
#endif

#if PERCPU_IS_ZERO
#error "libpercpu: counter.h, record.h, ref.h and rlock.h are for PERCPU_VMA image: with zero nothing can be allocated"
#endif

PERCPU__HEADER_BEGIN
#define PERCPU__LIKELY(condition) __builtin_expect(!!(condition), 1)
PERCPU__HEADER_END

#endif

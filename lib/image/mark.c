/* SPDX-License-Identifier: MIT */
/* PERCPU_VMA image: what is last of that which a loader has to load. */
#include <percpu.h>

#include "../internal.h"

#if PERCPU_IS_IMAGE

__attribute__((section(".percpu.mark"))) volatile uint32_t _percpu_mark = PERCPU_MARK;

#endif

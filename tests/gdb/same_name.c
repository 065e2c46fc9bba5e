/* SPDX-License-Identifier: MIT */
/* Linked into kernel smp: a static variable whose name is also that of one in initial.c. */
#include <percpu.h>

static PERCPU_DEFINE(uint32_t, near_u32) = 0x22222222;

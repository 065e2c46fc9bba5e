/* SPDX-License-Identifier: MIT */
/* The variables, by Linux's names; what boot.S uses of them has the same symbols as by percpu.h's.
 */
#include <percpu/linux.h>

#include "stranger.h"

DEFINE_PER_CPU(uint64_t, count) = 40;
DEFINE_PER_CPU(struct queue, queue) = {3, NULL};
DEFINE_PER_CPU_FAR(uint32_t[256], table) = {1, 2, 0xfffffff0};
DEFINE_PER_CPU_SHARED_ALIGNED(int32_t, balance) = -5;
DEFINE_PER_CPU_PAGE_ALIGNED(uint64_t[512], page) = {0x1122334455667788, 9};

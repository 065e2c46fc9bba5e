/* SPDX-License-Identifier: MIT */
/* The variables of a stranger's kernel, of each kind, with initial values. For C and C++. */
#include "stranger.h"

PERCPU_DEFINE(uint64_t, count) = 40;
PERCPU_DEFINE(struct queue, queue) = {3, NULL};
PERCPU_DEFINE_FAR(uint32_t[256], table) = {1, 2, 0xfffffff0};
PERCPU_DEFINE_CACHELINE(int32_t, balance) = -5;
PERCPU_DEFINE_PAGE(uint64_t[512], page) = {0x1122334455667788, 9};

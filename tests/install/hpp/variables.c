// SPDX-License-Identifier: MIT
//
// The variables of a stranger's kernel in C++, which boot.S knows two of.
#include "kernel.hpp"

PERCPU_VARIABLE(count, uint64_t) = 40;
PERCPU_VARIABLE(queue, queue_type) = {3, nullptr};

namespace kernel
{
PERCPU_VARIABLE_FAR(table, uint32_t[256]) = {1, 2, 0xfffffff0};
PERCPU_VARIABLE_CACHELINE(balance, int32_t) = -5;
PERCPU_VARIABLE_PAGE(page, uint64_t[512]) = {0x1122334455667788, 9};
PERCPU_MEMBER_DEFINE(Scheduler, pair, Pair<uint8_t, 3>) = {7, {1, 2, 3}};
} // namespace kernel

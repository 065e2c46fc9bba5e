// SPDX-License-Identifier: MIT
// The variables, for both files.
#include <percpu.hpp>

#include "stranger.h"

using queue_type = struct queue;

PERCPU_VARIABLE_DECLARE(count, uint64_t);
PERCPU_VARIABLE_DECLARE(queue, queue_type);

namespace kernel
{

template <typename First, size_t N> struct Pair {
	First first;
	First rest[N];
};

struct Scheduler {
	PERCPU_MEMBER(Scheduler, pair, Pair<uint8_t, 3>);
};

PERCPU_VARIABLE_DECLARE_FAR(table, uint32_t[256]);
PERCPU_VARIABLE_DECLARE(balance, int32_t);
PERCPU_VARIABLE_DECLARE_FAR(page, uint64_t[512]);

} // namespace kernel

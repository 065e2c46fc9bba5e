// SPDX-License-Identifier: MIT
// Linked into kernel smp: variables of percpu.hpp, which are objects behind a name.
#include <percpu.hpp>

PERCPU_VARIABLE(cxx_count, uint16_t) = 258;

namespace kernel
{
template <typename T, int N> struct pair {
	T one;
	int other[N];
};
struct scheduler {
	PERCPU_MEMBER(scheduler, load, pair<uint16_t, 2>);
};
PERCPU_MEMBER_DEFINE(scheduler, load, pair<uint16_t, 2>) = {7, {8, 9}};
PERCPU_VARIABLE_FAR(cxx_far, int[2]) = {-6, 6};

namespace
{
PERCPU_VARIABLE(cxx_flag, bool) = true;
}
} // namespace kernel

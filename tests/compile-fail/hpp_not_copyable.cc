// SPDX-License-Identifier: MIT
//
// percpu.hpp: a type that is more than its bytes.
// expect: percpu: areas are copied byte by byte
// define: PERCPU_VARIABLE PERCPU_VARIABLE_FAR PERCPU_VARIABLE_CACHELINE PERCPU_VARIABLE_DECLARE
#include <percpu.hpp>

class Counter
{
public:
	constexpr Counter() = default;
#ifdef WRONG
	Counter(const Counter &) {}
#endif
	int value = 0;
};

DEFINE(counter, Counter);

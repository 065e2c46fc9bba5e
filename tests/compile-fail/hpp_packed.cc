// SPDX-License-Identifier: MIT
//
// percpu.hpp: C41, a packed class's field, which may be misaligned.
// define: PERCPU_VARIABLE PERCPU_VARIABLE_FAR
// expect: percpu: a field of a packed structure may be misaligned
#include <percpu.hpp>

struct __attribute__((packed)) Packed {
	uint8_t byte;
	uint64_t count;
};
struct __attribute__((packed, aligned(8))) Aligned {
	uint64_t count;
	uint8_t byte;
};
DEFINE(state, Packed) = {1, 2};
DEFINE(aligned_state, Aligned) = {1, 2};

void use();

void use()
{
	state.field(&Packed::byte).add(1);
	aligned_state.field(&Aligned::count).add(1);
#ifdef WRONG
	state.field(&Packed::count).add(1);
#endif
}

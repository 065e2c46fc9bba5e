// SPDX-License-Identifier: MIT
//
// The functions of operations.c by percpu.hpp: cplusplus.py holds each against the figure of the C.
// It must compile without a warning.
#include <percpu.hpp>

namespace kernel
{
PERCPU_VARIABLE(near_number, uint64_t);
PERCPU_VARIABLE_FAR(far_number, uint64_t);
PERCPU_VARIABLE(near_numbers, uint64_t[4]);
#ifdef PERCPU_HAVE_CMPXCHG128
PERCPU_VARIABLE(near_pair, percpu_u128);
#endif
} // namespace kernel

// Parts of a structure: as a variable.
template <typename A, typename B> struct Pair {
	A first;
	B second;
};
struct Task {
	PERCPU_MEMBER(Task, pair, Pair<uint64_t, uint64_t[4]>);
};
PERCPU_MEMBER_DEFINE(Task, pair, Pair<uint64_t, uint64_t[4]>) = {1, {2, 3}};

using namespace kernel;

extern "C" {

uint64_t near_read() { return near_number.read(); }
void near_write(uint64_t value) { near_number.write(value); }
void near_add(uint64_t value) { near_number.add(value); }
void near_sub(uint64_t value) { near_number.sub(value); }
void near_inc() { near_number.inc(); }
void near_and(uint64_t value) { near_number.bit_and(value); }
void near_or(uint64_t value) { near_number.bit_or(value); }
void near_xor(uint64_t value) { near_number.bit_xor(value); }
uint64_t near_add_return(uint64_t value) { return near_number.add_return(value); }
uint64_t near_xchg(uint64_t value) { return near_number.xchg(value); }
uint64_t near_cmpxchg(uint64_t expected, uint64_t value)
{
	return near_number.cmpxchg(expected, value);
}
uint64_t near_inc_return() { return near_number.inc_return(); }
uint64_t near_read_stable() { return near_number.read_stable(); }
#ifdef PERCPU_HAVE_CMPXCHG128
percpu_u128 near_cmpxchg128(percpu_u128 expected, percpu_u128 value)
{
	return near_pair.cmpxchg128(expected, value);
}
#endif
uint64_t *near_ptr() { return near_number.ptr(); }
uint64_t near_constant_index_read() { return near_numbers[3].read(); }
uint64_t near_index_read(size_t index) { return near_numbers[index].read(); }
void near_index_add(size_t index, uint64_t value) { near_numbers[index].add(value); }
uint64_t far_read() { return far_number.read(); }
void far_write(uint64_t value) { far_number.write(value); }
void far_add(uint64_t value) { far_number.add(value); }
uint64_t far_cmpxchg(uint64_t expected, uint64_t value)
{
	return far_number.cmpxchg(expected, value);
}
uint64_t *far_ptr() { return far_number.ptr(); }

uint64_t field_near_read()
{
	return Task::pair.field(&Pair<uint64_t, uint64_t[4]>::first).read();
}
void field_near_add(uint64_t value)
{
	Task::pair.field(&Pair<uint64_t, uint64_t[4]>::second)[3].add(value);
}
}

/* SPDX-License-Identifier: MIT */
/*
 * One function for each operation on a 64-bit variable, for counts.py to count the instructions of:
 * the names are the rows of golden.txt. Arguments and result are where the ABI puts them, so what a
 * function has beyond its operation is its return.
 */
#include <percpu.h>

PERCPU_DEFINE(uint64_t, near_number);
PERCPU_DEFINE_FAR(uint64_t, far_number);
PERCPU_DEFINE(uint64_t[4], near_numbers);

uint64_t near_read(void)
{
	return percpu_read(near_number);
}

void near_write(uint64_t value)
{
	percpu_write(near_number, value);
}

void near_add(uint64_t value)
{
	percpu_add(near_number, value);
}

void near_sub(uint64_t value)
{
	percpu_sub(near_number, value);
}

void near_inc(void)
{
	percpu_inc(near_number);
}

void near_and(uint64_t value)
{
	percpu_and(near_number, value);
}

void near_or(uint64_t value)
{
	percpu_or(near_number, value);
}

void near_xor(uint64_t value)
{
	percpu_xor(near_number, value);
}

uint64_t near_add_return(uint64_t value)
{
	return percpu_add_return(near_number, value);
}

uint64_t near_xchg(uint64_t value)
{
	return percpu_xchg(near_number, value);
}

uint64_t near_cmpxchg(uint64_t expected, uint64_t value)
{
	return percpu_cmpxchg(near_number, expected, value);
}

uint64_t near_inc_return(void)
{
	return percpu_inc_return(near_number);
}

uint64_t near_read_stable(void)
{
	return percpu_read_stable(near_number);
}

#ifdef PERCPU_HAVE_CMPXCHG128
static PERCPU_DEFINE(percpu_u128, near_pair);

percpu_u128 near_cmpxchg128(percpu_u128 expected, percpu_u128 value)
{
	return percpu_cmpxchg128(near_pair, expected, value);
}
#endif

uint64_t *near_ptr(void)
{
	return percpu_ptr(near_number);
}

#if PERCPU_READ_IS_ONE_INSTRUCTION
void reads_and_writes_are_one_instruction(void)
{
}
#endif

void *local_base(void)
{
	return percpu_local_base();
}

uint64_t near_constant_index_read(void)
{
	return percpu_read(near_numbers[3]);
}

uint64_t near_index_read(size_t index)
{
	return percpu_read(near_numbers[index]);
}

void near_index_add(size_t index, uint64_t value)
{
	percpu_add(near_numbers[index], value);
}

uint64_t far_read(void)
{
	return percpu_read(far_number);
}

void far_write(uint64_t value)
{
	percpu_write(far_number, value);
}

void far_add(uint64_t value)
{
	percpu_add(far_number, value);
}

uint64_t far_cmpxchg(uint64_t expected, uint64_t value)
{
	return percpu_cmpxchg(far_number, expected, value);
}

uint64_t *far_ptr(void)
{
	return percpu_ptr(far_number);
}

/* SPDX-License-Identifier: MIT */
/*
 * One function for each operation on a dynamic variable of 64 bits, whose handle comes in a
 * register, for handles.py to count the instructions of: the names are the rows of
 * handles-MODE.txt.
 */
#include <percpu.h>

struct pair {
	uint64_t first, second;
};
typedef PERCPU_PTR(uint64_t) number_handle;
typedef PERCPU_PTR(struct pair) pair_handle;
typedef PERCPU_PTR(uint64_t[4]) numbers_handle;

uint64_t handle_read(number_handle handle)
{
	return percpu_read(percpu_at(handle));
}

void handle_write(number_handle handle, uint64_t value)
{
	percpu_write(percpu_at(handle), value);
}

void handle_add(number_handle handle, uint64_t value)
{
	percpu_add(percpu_at(handle), value);
}

void handle_inc(number_handle handle)
{
	percpu_inc(percpu_at(handle));
}

void handle_and(number_handle handle, uint64_t value)
{
	percpu_and(percpu_at(handle), value);
}

uint64_t handle_add_return(number_handle handle, uint64_t value)
{
	return percpu_add_return(percpu_at(handle), value);
}

uint64_t handle_xchg(number_handle handle, uint64_t value)
{
	return percpu_xchg(percpu_at(handle), value);
}

uint64_t handle_cmpxchg(number_handle handle, uint64_t expected, uint64_t value)
{
	return percpu_cmpxchg(percpu_at(handle), expected, value);
}

uint64_t *handle_ptr(number_handle handle)
{
	return percpu_ptr(percpu_at(handle));
}

uint64_t handle_raw_read(number_handle handle)
{
	return percpu_raw_read(percpu_at(handle));
}

void handle_raw_write(number_handle handle, uint64_t value)
{
	percpu_raw_write(percpu_at(handle), value);
}

/* A field or an element, which x86_64 reaches at no cost, and the others by an addition. */
void handle_field_add(pair_handle handle, uint64_t value)
{
	percpu_add(percpu_at(handle).second, value);
}

uint64_t handle_element_read(numbers_handle handle)
{
	return percpu_read(percpu_at(handle)[3]);
}

void handle_index_add(numbers_handle handle, size_t index, uint64_t value)
{
	percpu_add(percpu_at(handle)[index], value);
}

/* SPDX-License-Identifier: MIT */
/*
 * What the compiler must not merge, drop, move or keep across a call: order.py says what each
 * function must be compiled to.
 */
#include <percpu.h>

PERCPU_DEFINE(uint64_t, near_number);
PERCPU_DEFINE_FAR(uint64_t, far_number);

/* Anything may happen in it; the thread may come back on another CPU. */
void external_call(void);

/* C8: the thread pointer must be read again after the call. */

uint64_t *ptr_call_ptr(uint64_t **first)
{
	*first = percpu_ptr(near_number);
	external_call();
	return percpu_ptr(near_number);
}

uint64_t *far_ptr_call_ptr(uint64_t **first)
{
	*first = percpu_ptr(far_number);
	external_call();
	return percpu_ptr(far_number);
}

uintptr_t ptr_ptr(void)
{
	return (uintptr_t)percpu_ptr(near_number) ^ (uintptr_t)percpu_ptr(near_number);
}

uintptr_t far_ptr_ptr(void)
{
	return (uintptr_t)percpu_ptr(far_number) ^ (uintptr_t)percpu_ptr(far_number);
}

uint64_t read_call_read(void)
{
	uint64_t first = percpu_read(near_number);

	external_call();
	return first + percpu_read(near_number);
}

uint64_t far_read_call_read(void)
{
	uint64_t first = percpu_read(far_number);

	external_call();
	return first + percpu_read(far_number);
}

uintptr_t register_call_register(void)
{
	uintptr_t first = percpu_arch_get_register();

	external_call();
	return first ^ percpu_arch_get_register();
}

/* C9: every read and write happens, in the order of the program. */

uint64_t read_write_read(void)
{
	uint64_t first = percpu_read(near_number);

	percpu_write(near_number, first + 1);
	return first + percpu_read(near_number);
}

uint64_t far_read_write_read(void)
{
	uint64_t first = percpu_read(far_number);

	percpu_write(far_number, first + 1);
	return first + percpu_read(far_number);
}

uint64_t read_read(void)
{
	return percpu_read(near_number) + percpu_read(near_number);
}

void read_unused(void)
{
	(void)percpu_read(near_number);
}

uint64_t stable_stable(void)
{
	return percpu_read_stable(near_number) + percpu_read_stable(near_number);
}

uint64_t far_stable_stable(void)
{
	return percpu_read_stable(far_number) + percpu_read_stable(far_number);
}

void write_write(void)
{
	percpu_write(near_number, 0);
	percpu_write(near_number, 0);
}

uint64_t add_return_add_return(void)
{
	return percpu_add_return(near_number, 1) + percpu_add_return(near_number, 1);
}

void xchg_unused(uint64_t value)
{
	(void)percpu_xchg(near_number, value);
}

void read_in_loop(void)
{
	while (percpu_read(near_number))
		;
}

uint64_t read_in_counted_loop(size_t count)
{
	uint64_t sum = 0;

	while (count--)
		sum += percpu_read(far_number);
	return sum;
}

/* Accesses through a pointer to the variable keep their order with operations on it. */

uint64_t store_read_store(uint64_t value)
{
	uint64_t *pointer = percpu_ptr(near_number);
	uint64_t seen;

	*pointer = value;
	seen = percpu_read(near_number);
	*pointer = 0;
	return seen;
}

uint64_t load_write_load(uint64_t value)
{
	uint64_t *pointer = percpu_ptr(near_number);
	uint64_t first = *pointer;

	percpu_write(near_number, value);
	return first + *pointer;
}

uint64_t load_add_load(uint64_t value)
{
	uint64_t *pointer = percpu_ptr(near_number);
	uint64_t first = *pointer;

	percpu_add(near_number, value);
	return first + *pointer;
}

void store_add_store(uint64_t value)
{
	uint64_t *pointer = percpu_ptr(near_number);

	*pointer = value;
	percpu_add(near_number, value);
	*pointer = 0;
}

uint64_t far_store_read_store(uint64_t value)
{
	uint64_t *pointer = percpu_ptr(far_number);
	uint64_t seen;

	*pointer = value;
	seen = percpu_read(far_number);
	*pointer = 0;
	return seen;
}

uint64_t far_load_write_load(uint64_t value)
{
	uint64_t *pointer = percpu_ptr(far_number);
	uint64_t first = *pointer;

	percpu_write(far_number, value);
	return first + *pointer;
}

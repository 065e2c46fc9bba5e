/* SPDX-License-Identifier: MIT */
/* Each way to reach a near variable, in a function of its own, by C and (near.S) by assembly. */
#include <percpu.h>

PERCPU_DEFINE(uint64_t, before) = 1;
PERCPU_DEFINE(uint64_t, number) = 2;
PERCPU_DEFINE(uint32_t[3], words) = {3, 4, 5};

uint64_t load_number(void);
void store_words_2(uint32_t value);
void add_number(uint64_t value);
uint32_t *address_words(void);
uint64_t load_stable(void);
uint32_t load_at_run_time(size_t index);

/* near.S */
uint64_t assembly_load(void);
void assembly_store(uint64_t value);
uint64_t *assembly_address(void);

void _start(void);

__attribute__((noinline)) uint64_t load_number(void)
{
	return percpu_read(number);
}

__attribute__((noinline)) void store_words_2(uint32_t value)
{
	percpu_write(words[2], value);
}

__attribute__((noinline)) void add_number(uint64_t value)
{
	percpu_add(number, value);
}

__attribute__((noinline)) uint32_t *address_words(void)
{
	return percpu_ptr(words)[0];
}

__attribute__((noinline)) uint64_t load_stable(void)
{
	return percpu_read_stable(number);
}

__attribute__((noinline)) uint32_t load_at_run_time(size_t index)
{
	return percpu_read(words[index]);
}

void _start(void)
{
	if (percpu_init(1) || percpu_set_local_thread_pointer(0))
		return;
	percpu_inc(before);
	store_words_2((uint32_t)load_number());
	add_number(load_stable());
	*address_words() = load_at_run_time(load_number());
	assembly_store(assembly_load());
	*assembly_address() = 1;
}

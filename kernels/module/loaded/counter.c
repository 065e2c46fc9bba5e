/* SPDX-License-Identifier: 0BSD */
/*
 * A module that is right: far per-CPU variables with initial values, one of which is an address;
 * operations on them and on a near variable of the kernel's; data, zeros, and a call of the kernel.
 */
#include <kernels/module/loaded.h>

static PERCPU_DEFINE_FAR(uint64_t, word) = 1000;
static PERCPU_DEFINE_FAR(uint32_t[4], slots) = {1, 2, 3, 4};
static PERCPU_DEFINE_FAR(const char *, name) = "counter";
static PERCPU_DEFINE_FAR(uint64_t[8], zeros);

/* Volatile: the compiler does not know what they hold, and loads them, each by an instruction. */
static volatile uint8_t one = 1;
static volatile uint16_t two = 2;
static volatile uint32_t three = 3;
static volatile uint64_t calls;

static uint64_t word_add(uint64_t value, uint64_t expected, size_t index)
{
	(void)expected, (void)index;
	percpu_add(word, value);
	return 0;
}

static uint64_t word_add_return(uint64_t value, uint64_t expected, size_t index)
{
	(void)expected, (void)index;
	return percpu_add_return(word, value);
}

static uint64_t word_xchg(uint64_t value, uint64_t expected, size_t index)
{
	(void)expected, (void)index;
	return percpu_xchg(word, value);
}

static uint64_t word_cmpxchg(uint64_t value, uint64_t expected, size_t index)
{
	(void)index;
	return percpu_cmpxchg(word, expected, value);
}

static uint64_t slot_add(uint64_t value, uint64_t expected, size_t index)
{
	(void)expected;
	percpu_add(slots[index], (uint32_t)value);
	return 0;
}

static uint64_t kernel_add(uint64_t value, uint64_t expected, size_t index)
{
	(void)expected, (void)index;
	percpu_add(kernel_count, value);
	return 0;
}

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

static bool initial(void)
{
	bool right = percpu_read(word) == 1000 && same(percpu_read(name), "counter");

	for (size_t i = 0; i < 4; i++)
		right &= percpu_read(slots[i]) == i + 1;
	for (size_t i = 0; i < 8; i++)
		right &= percpu_read(zeros[i]) == 0;
	return right;
}

static uint64_t call(void)
{
	calls = kernel_next(calls);
	return kernel_next(calls + one + two + three + 34);
}

#define OPERATION(function, variable)                                                              \
	{                                                                                          \
		#function, function, (void *)(uintptr_t)&percpu__##variable                        \
	}
static const struct module_operation operations[] = {
	OPERATION(word_add, word),     OPERATION(word_add_return, word),
	OPERATION(word_xchg, word),    OPERATION(word_cmpxchg, word),
	OPERATION(slot_add, slots[1]), OPERATION(kernel_add, kernel_count),
};

const struct module_interface module_interface = {
	percpu_area_num, sizeof(operations) / sizeof(operations[0]), operations, initial, call,
};

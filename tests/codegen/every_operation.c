/* SPDX-License-Identifier: MIT */
/*
 * Every operation of percpu.h, on every width, near, far and by index: widths.py looks at how wide
 * the accesses of the narrow ones are, library.py at what the object needs to be linked.
 */
#include <percpu.h>

/* KIND is the variable; the functions are called KIND_read and so on. */
#define PLAIN_OPERATIONS(kind, type, name)                                                         \
	type kind##_read(void)                                                                     \
	{                                                                                          \
		return percpu_read(name);                                                          \
	}                                                                                          \
	void kind##_write(type v)                                                                  \
	{                                                                                          \
		percpu_write(name, v);                                                             \
	}                                                                                          \
	type kind##_xchg(type v)                                                                   \
	{                                                                                          \
		return percpu_xchg(name, v);                                                       \
	}                                                                                          \
	type kind##_cmpxchg(type e, type v)                                                        \
	{                                                                                          \
		return percpu_cmpxchg(name, e, v);                                                 \
	}                                                                                          \
	bool kind##_try_cmpxchg(type *e, type v)                                                   \
	{                                                                                          \
		return percpu_try_cmpxchg(name, e, v);                                             \
	}                                                                                          \
	type *kind##_ptr(void)                                                                     \
	{                                                                                          \
		return percpu_ptr(name);                                                           \
	}                                                                                          \
	void kind##_reset(void)                                                                    \
	{                                                                                          \
		percpu_reset(name);                                                                \
	}                                                                                          \
	size_t kind##_offset(void)                                                                 \
	{                                                                                          \
		return percpu_offset(name);                                                        \
	}                                                                                          \
	type *kind##_ptr_on(size_t cpu)                                                            \
	{                                                                                          \
		return percpu_ptr_on(name, cpu);                                                   \
	}                                                                                          \
	type kind##_read_on(size_t cpu)                                                            \
	{                                                                                          \
		return percpu_read_on(name, cpu);                                                  \
	}                                                                                          \
	void kind##_write_on(size_t cpu, type v)                                                   \
	{                                                                                          \
		percpu_write_on(name, cpu, v);                                                     \
	}

#define BIT_OPERATIONS(kind, type, name)                                                           \
	void kind##_and(type v)                                                                    \
	{                                                                                          \
		percpu_and(name, v);                                                               \
	}                                                                                          \
	void kind##_or(type v)                                                                     \
	{                                                                                          \
		percpu_or(name, v);                                                                \
	}                                                                                          \
	void kind##_xor(type v)                                                                    \
	{                                                                                          \
		percpu_xor(name, v);                                                               \
	}

#define NUMBER_OPERATIONS(kind, type, name)                                                        \
	PLAIN_OPERATIONS(kind, type, name)                                                         \
	BIT_OPERATIONS(kind, type, name)                                                           \
	void kind##_add(type v)                                                                    \
	{                                                                                          \
		percpu_add(name, v);                                                               \
	}                                                                                          \
	void kind##_sub(type v)                                                                    \
	{                                                                                          \
		percpu_sub(name, v);                                                               \
	}                                                                                          \
	void kind##_inc(void)                                                                      \
	{                                                                                          \
		percpu_inc(name);                                                                  \
	}                                                                                          \
	void kind##_dec(void)                                                                      \
	{                                                                                          \
		percpu_dec(name);                                                                  \
	}                                                                                          \
	type kind##_add_return(type v)                                                             \
	{                                                                                          \
		return percpu_add_return(name, v);                                                 \
	}                                                                                          \
	type kind##_inc_return(void)                                                               \
	{                                                                                          \
		return percpu_inc_return(name);                                                    \
	}                                                                                          \
	type kind##_dec_return(void)                                                               \
	{                                                                                          \
		return percpu_dec_return(name);                                                    \
	}                                                                                          \
	void kind##_raw_add(type v)                                                                \
	{                                                                                          \
		percpu_raw_add(name, v);                                                           \
	}                                                                                          \
	uint64_t kind##_sum(void)                                                                  \
	{                                                                                          \
		return (uint64_t)percpu_sum(name);                                                 \
	}

PERCPU_DEFINE(uint8_t, byte);
PERCPU_DEFINE(uint16_t, half);
PERCPU_DEFINE(uint32_t, word);
PERCPU_DEFINE(uint64_t, doubleword);
PERCPU_DEFINE(int8_t, signed_byte);
PERCPU_DEFINE(int16_t, signed_half);
PERCPU_DEFINE_FAR(uint8_t, far_byte);
PERCPU_DEFINE_FAR(uint16_t[100], far_halves);
PERCPU_DEFINE_FAR(uint64_t, far_doubleword);

NUMBER_OPERATIONS(byte, uint8_t, byte)
NUMBER_OPERATIONS(half, uint16_t, half)
NUMBER_OPERATIONS(word, uint32_t, word)
NUMBER_OPERATIONS(doubleword, uint64_t, doubleword)
NUMBER_OPERATIONS(signed_byte, int8_t, signed_byte)
NUMBER_OPERATIONS(signed_half, int16_t, signed_half)
NUMBER_OPERATIONS(far_byte, uint8_t, far_byte)
NUMBER_OPERATIONS(far_half, uint16_t, far_halves[7])
NUMBER_OPERATIONS(far_doubleword, uint64_t, far_doubleword)

enum colour { RED, GREEN };
struct pair {
	uint32_t first;
	uint8_t second;
};

PERCPU_DEFINE(bool, flag);
PERCPU_DEFINE(enum colour, colour);
PERCPU_DEFINE(struct pair *, pointer);
PERCPU_DEFINE(struct pair, pair);

PLAIN_OPERATIONS(flag, bool, flag)
BIT_OPERATIONS(flag, bool, flag)
PLAIN_OPERATIONS(colour, enum colour, colour)
PLAIN_OPERATIONS(pointer, struct pair *, pointer)
NUMBER_OPERATIONS(field_byte, uint8_t, pair.second)

PERCPU_DEFINE(uint8_t[100], bytes);

uint8_t index_byte_read(size_t index)
{
	return percpu_read(bytes[index]);
}

void index_byte_write(size_t index, uint8_t value)
{
	percpu_write(bytes[index], value);
}

void index_byte_add(size_t index, uint8_t value)
{
	percpu_add(bytes[index], value);
}

size_t this_cpu(void)
{
	return percpu_cpu_id();
}

size_t count_areas(void)
{
	size_t count = 0;

	percpu_for_each (cpu)
		count++;
	return count;
}

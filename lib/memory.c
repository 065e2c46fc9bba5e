/* SPDX-License-Identifier: MIT */
/* Copying without a C library. */
#include <percpu.h>

#include "internal.h"

bool _percpu_overlaps(const char *mem, size_t size, const char *from, const char *to)
{
	uintptr_t start = (uintptr_t)mem, end;

	if (__builtin_add_overflow(start, size, &end))
		return true;
	return start < (uintptr_t)to && end > (uintptr_t)from;
}

/* Whether SIZE bytes at both addresses are one naturally aligned word. */
static bool is_word(const void *to, const void *from, size_t size)
{
	return (((uintptr_t)to | (uintptr_t)from) & (size - 1)) == 0;
}

/* Volatile: an interrupt handler may look, and the compiler must not make a memcpy of it. */
#define COPY_WORD(type, to, from) (*(volatile type *)(to) = *(const volatile type *)(from))

static bool copy_word(void *to, const void *from, size_t size)
{
	if (!is_word(to, from, size))
		return false;
	switch (size) {
	case 8:
		COPY_WORD(uint64_t, to, from);
		return true;
	case 4:
		COPY_WORD(uint32_t, to, from);
		return true;
	case 2:
		COPY_WORD(uint16_t, to, from);
		return true;
	default:
		return false;
	}
}

void _percpu_copy(void *to, const void *from, size_t size)
{
	if (copy_word(to, from, size))
		return;
	for (size_t i = 0; i < size; i++)
		COPY_WORD(uint8_t, (char *)to + i, (const char *)from + i);
}

void _percpu_zero(void *to, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((volatile char *)to)[i] = 0;
}

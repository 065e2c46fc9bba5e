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

/* A copy is made of blocks, where both places are aligned to them, and of words and less. */
enum { WORD = 8, BLOCK = 64 };

/*
 * Volatile: an interrupt handler may look, and the compiler must not make a memcpy of it. They may
 * alias: what is copied has types of its own.
 */
typedef volatile uint8_t any8;
typedef volatile uint16_t any16 __attribute__((may_alias));
typedef volatile uint32_t any32 __attribute__((may_alias));
typedef volatile uint64_t any64 __attribute__((may_alias));
typedef volatile percpu_u128 any128 __attribute__((may_alias));

/*
 * The widest step that is aligned at PLACES, addresses or'ed together, and within the bytes LEFT.
 * So whatever is aligned to its own size, up to a word, lies within one step, and is one store.
 */
static size_t step(uintptr_t places, size_t left)
{
	size_t bytes = BLOCK;

	while (bytes > left || places & (bytes - 1))
		bytes = bytes == BLOCK ? WORD : bytes / 2;
	return bytes;
}

static void copy_step(void *to, const void *from, size_t bytes)
{
	switch (bytes) {
	case 8:
		*(any64 *)to = *(const any64 *)from;
		break;
	case 4:
		*(any32 *)to = *(const any32 *)from;
		break;
	case 2:
		*(any16 *)to = *(const any16 *)from;
		break;
	default:
		*(any8 *)to = *(const any8 *)from;
	}
}

/* 16 bytes are two words to an interrupt handler, and one instruction on aarch64. */
#ifndef percpu_arch_copy_blocks
static void percpu_arch_copy_blocks(void *to, const void *from, size_t blocks)
{
	any128 *t = to;
	const any128 *f = from;

	for (; blocks > 0; blocks--, t += 4, f += 4) {
		t[0] = f[0];
		t[1] = f[1];
		t[2] = f[2];
		t[3] = f[3];
	}
}
#endif

void _percpu_copy(void *to, const void *from, size_t size)
{
	char *t = to;
	const char *f = from;

	while (size > 0) {
		size_t bytes = step((uintptr_t)t | (uintptr_t)f, size);

		if (bytes == BLOCK) {
			bytes = size - size % BLOCK;
			percpu_arch_copy_blocks(t, f, size / BLOCK);
		} else {
			copy_step(t, f, bytes);
		}
		t += bytes;
		f += bytes;
		size -= bytes;
	}
}

static void zero_block(void *to)
{
	any128 *t = to;

	t[0] = 0;
	t[1] = 0;
	t[2] = 0;
	t[3] = 0;
}

void _percpu_zero(void *to, size_t size)
{
	const uint64_t zero = 0;
	char *t = to;

	while (size > 0) {
		size_t bytes = step((uintptr_t)t, size);

		if (bytes == BLOCK)
			zero_block(t);
		else
			copy_step(t, &zero, bytes);
		t += bytes;
		size -= bytes;
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * The memory of a machine, 4 GiB from PC_MEMORY on, for the targets whose tables may lie anywhere
 * in it. An input is pieces: an address, a size and the bytes that lie there.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <boards/pc/pc.h>

#include <sys/mman.h>

#include "fuzz.h"

#define MEMORY ((unsigned char *)PC_MEMORY)
#define MEMORY_SIZE 0x100000000u
#define GUARD 0x1000000u /* behind the memory: whoever reads it crashes */

enum { PIECES = 8, PIECE_HEADER = 6 };

struct piece {
	uint32_t address;
	size_t size;
};

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;

	(void)argc, (void)argv;
	HOLDS(mmap(MEMORY, MEMORY_SIZE + (size_t)GUARD, PROT_NONE, flags, -1, 0) == MEMORY);
	HOLDS(!mprotect(MEMORY, MEMORY_SIZE, PROT_READ | PROT_WRITE));
	return 0;
}

/* Fresh pages, all zero, for the next input. */
static inline void memory_clear(void)
{
	(void)madvise(MEMORY, MEMORY_SIZE, MADV_DONTNEED);
}

/* Puts a piece into memory; returns what DATA and its SIZE are behind it. */
static inline size_t memory_place(struct piece *piece, const uint8_t *data, size_t size)
{
	size_t bytes = (size_t)(data[4] | data[5] << 8);

	piece->address = le32(data);
	if (bytes > size - PIECE_HEADER)
		bytes = size - PIECE_HEADER;
	piece->size = bytes < MEMORY_SIZE - (uint64_t)piece->address ? bytes
								     : MEMORY_SIZE - piece->address;
	memcpy(MEMORY + piece->address, data + PIECE_HEADER, piece->size);
	return PIECE_HEADER + bytes;
}

/* All pieces of an input; returns how many. */
static inline size_t memory_place_all(struct piece *pieces, const uint8_t *data, size_t size)
{
	size_t count = 0;

	for (size_t at = 0; count < PIECES && size - at >= PIECE_HEADER; count++)
		at += memory_place(&pieces[count], data + at, size - at);
	return count;
}

#endif

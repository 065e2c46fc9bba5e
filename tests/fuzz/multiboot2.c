/* SPDX-License-Identifier: MIT */
/*
 * Fed: multiboot 2 information, at the end of the machine's memory, as it is and then each of its
 * tags alone. It may claim to be longer, which is then more than there is; if it claims to be
 * shorter its size is put right, so that its end is the memory's. Must hold: nothing is read that
 * is not memory; strings end, and do not look like more than one line; the page for an AP is one;
 * every walk ends.
 */
#include "loader.h"
#include "memory.h"

enum { HEADER = 8, TAG_HEADER = 8, TAG_SIZE = 4 };

static void put_size(unsigned char *information, size_t size)
{
	for (unsigned i = 0; i < 4; i++)
		information[i] = (unsigned char)(size >> (8 * i));
}

static void read_at_end(size_t size)
{
	struct loader loader = {0};

	check_loader(&loader, multiboot2_read(&loader, MEMORY_SIZE - size));
}

static void read_alone(const uint8_t *tag, size_t size)
{
	unsigned char *information = MEMORY + MEMORY_SIZE - HEADER - size;

	put_size(information, HEADER + size);
	memcpy(information + HEADER, tag, size);
	read_at_end(HEADER + size);
}

static int fuzz_input(const uint8_t *data, size_t size)
{
	unsigned char *information = MEMORY + MEMORY_SIZE - size;
	size_t tag;

	if (size < HEADER)
		return -1;
	memcpy(information, data, size);
	if (le32(data) < size)
		put_size(information, size);
	read_at_end(size);
	for (size_t at = HEADER; at + TAG_HEADER <= size; at += (tag + 7) / 8 * 8) {
		tag = le32(data + at + TAG_SIZE);
		if (tag < TAG_HEADER || tag > size - at)
			break;
		read_alone(data + at, tag);
	}
	memory_clear();
	return 0;
}

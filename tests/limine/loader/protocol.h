/* SPDX-License-Identifier: 0BSD */
/* The protocol's numbers and layouts, as far as the loader answers. */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mp_id.h"

#define BASE_REVISION 3

#define COMMON_ID 0xc7b1dd30df4c8b88, 0x0a82e883a194f07b
#define HHDM_ID                                                                                    \
	{                                                                                          \
		COMMON_ID, 0x48dcf1cb8ad2b852, 0x63984e959a98244b                                  \
	}
#define MEMMAP_ID                                                                                  \
	{                                                                                          \
		COMMON_ID, 0x67cf3d9d378a806f, 0xe304acdfc50c3c62                                  \
	}
#define MP_ID                                                                                      \
	{                                                                                          \
		COMMON_ID, 0x95a67b819a1b857e, 0xa0b61b723b6a73e0                                  \
	}

static const uint64_t base_revision_tag[2] = {0xf9562b2d5c95a6c8, 0x6a7b384944536bdc};
static const uint64_t requests_start_marker[4] = {0xf6b8f4b39de7d1ae, 0xfab91a6940fcb9cf,
						  0x785c6ed015d3e316, 0x181e920a7852b9d9};
static const uint64_t requests_end_marker[2] = {0xadc0e0531bb10d03, 0x9572709f31764c62};

struct answer {
	uint64_t id[4];
	void *response;
};

struct hhdm_response {
	uint64_t revision;
	uint64_t offset;
};

enum { USABLE = 0, RESERVED = 1, RECLAIMABLE = 5, EXECUTABLE_AND_MODULES = 6 };

struct memmap_entry {
	uint64_t base;
	uint64_t length;
	uint64_t type;
};

struct memmap_response {
	uint64_t revision;
	uint64_t entry_count;
	uint64_t entries;
};

struct mp_info {
	mp_id processor_id;
	mp_id id;
	uint64_t reserved;
	uint64_t goto_address;
	uint64_t extra_argument;
};

struct mp_response {
	uint64_t revision;
	mp_id flags;
	mp_id bsp_id;
	uint64_t cpu_count;
	uint64_t cpus;
};

static inline bool is_at(const uint64_t *words, const uint64_t *wanted, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (words[i] != wanted[i])
			return false;
	return true;
}

/* Requests lie on 8 bytes; so do the markers. NULL if there is none. */
static inline uint64_t *find_marker(uint64_t *words, uint64_t size, const uint64_t *marker,
				    size_t count)
{
	for (size_t i = 0; i + count <= size / 8; i++)
		if (is_at(words + i, marker, count))
			return words + i;
	return NULL;
}

#endif

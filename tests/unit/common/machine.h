/* SPDX-License-Identifier: MIT */
/*
 * A PC's memory, as boards/pc sees it: from PC_MEMORY on, the first 2 MiB and the last 64 KiB below
 * 4 GiB. Between and behind them there is nothing: whoever reads there crashes.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <boards/pc/pc.h>
#include <string.h>
#include <sys/mman.h>

#include "unit.h"

#define LOW_SIZE 0x200000u
#define TOP_SIZE 0x10000u

static inline unsigned char *memory(uint64_t address)
{
	return (unsigned char *)PC_MEMORY + address;
}

static inline void map_memory(uint64_t address, size_t size)
{
	void *there = mmap(memory(address), size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	CHECK(there == memory(address));
}

static inline void make_memory(void)
{
	map_memory(0, LOW_SIZE);
	map_memory(PC_MAPPED - TOP_SIZE, TOP_SIZE);
}

static inline void put32(uint64_t address, uint32_t value)
{
	memcpy(memory(address), &value, sizeof(value));
}

static inline void put64(uint64_t address, uint64_t value)
{
	memcpy(memory(address), &value, sizeof(value));
}

static inline void put_text(uint64_t address, const char *text)
{
	memcpy(memory(address), text, strlen(text) + 1);
}

/* Whether ADDRESS is the page that an AP would start from. */
static inline bool starts_at(const struct loader *loader, uintptr_t address)
{
	return loader_low_page(loader) == address;
}

#endif

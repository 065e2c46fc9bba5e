/* SPDX-License-Identifier: MIT */
/* What must hold of what the board keeps of either multiboot information. */
#ifndef LOADER_H
#define LOADER_H

#include <boards/pc/pc.h>

#include "fuzz.h"

enum { LOW_PAGE = 0x1000, LOW_END = 0xa0000 };

static inline void check_string(const char *text, size_t room)
{
	HOLDS(memchr(text, '\0', room));
	for (; *text; text++)
		HOLDS(*text >= ' ' && *text <= '~');
}

/* ERROR is what the parser returned. */
static inline void check_loader(const struct loader *loader, const char *error)
{
	static const unsigned char zero[RSDP_SIZE];
	uintptr_t page = loader_low_page(loader);

	HOLDS(!error == !!loader->protocol);
	check_string(loader->name, sizeof(loader->name));
	check_string(loader->command_line, sizeof(loader->command_line));
	HOLDS(loader->has_rsdp || !memcmp(loader->rsdp, zero, RSDP_SIZE));
	HOLDS(page % LOW_PAGE == 0 && page < LOW_END);
}

#endif

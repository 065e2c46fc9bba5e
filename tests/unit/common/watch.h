/* SPDX-License-Identifier: MIT */
/* Seeing everything that an operation changes, in every area and in the template. */
#ifndef WATCH_H
#define WATCH_H

#include <stdbool.h>
#include <stddef.h>

/* Makes NCPU areas and binds the calling thread to that of CPU. */
void watch_init(size_t ncpu, size_t cpu);

/* Remembers every byte of the areas and of the template. */
void watch_start(void);

/*
 * Whether, since watch_start, at most SIZE bytes at OFFSET in this CPU's area have changed, which
 * are now equal to those at EXPECTED.
 */
bool watch_found(size_t offset, const void *expected, size_t size);

/* Whether nothing at all has changed since watch_start. */
bool watch_unchanged(void);

#endif

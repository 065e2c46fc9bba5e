/* SPDX-License-Identifier: MIT */
/* What the files of the library share, and the symbols that percpu.ld defines. */
#ifndef PERCPU_INTERNAL_H
#define PERCPU_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINKER_SYMBOL __attribute__((visibility("hidden")))

/* The template; its first byte is declared in percpu/ops.h. */
extern char _percpu_load_end[] LINKER_SYMBOL;
/* As far behind the template's first byte as an area is aligned. */
extern char _percpu_align_end[] LINKER_SYMBOL;
/* The space for areas. */
extern char _percpu_start[] LINKER_SYMBOL;
extern char _percpu_end[] LINKER_SYMBOL;

extern char _percpu_fragment_included[] __asm__("libpercpu__linker_script_lacks__INCLUDE_percpu.ld")
	LINKER_SYMBOL;

/* Bytes of the template that hold variables. */
static inline size_t _percpu_template_size(void)
{
	return (size_t)(_percpu_load_end - _percpu_load_start);
}

/* Whether SIZE bytes at MEM touch what lies from FROM to TO, or wrap around. */
bool _percpu_overlaps(const char *mem, size_t size, const char *from, const char *to) LINKER_SYMBOL;

/* For PERCPU_DEBUG: the calling CPU owns the area at BASE from now on; another may not have it. */
void _percpu_take(void *base) LINKER_SYMBOL;

/*
 * Copies SIZE bytes; a copy of 1, 2, 4 or 8 aligned bytes is one store. The library has its own,
 * because a freestanding program need not have memcpy.
 */
void _percpu_copy(void *to, const void *from, size_t size) LINKER_SYMBOL;
void _percpu_zero(void *to, size_t size) LINKER_SYMBOL;

#endif

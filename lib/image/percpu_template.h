/* SPDX-License-Identifier: MIT */
/* PERCPU_VMA image: where percpu.ld puts the template, and what it reserves for areas. */
#ifndef PERCPU_TEMPLATE_H
#define PERCPU_TEMPLATE_H

/* The template; its first byte is declared in percpu/remote.h. */
extern char _percpu_load_end[] LINKER_SYMBOL;
/* As far behind the template's first byte as an area is aligned. */
extern char _percpu_align_end[] LINKER_SYMBOL;
/* As far behind it as the next area is behind an area. */
extern char _percpu_stride_end[] LINKER_SYMBOL;
/* The reserve, for what percpu_alloc gives: its place in template space, and the room for its map.
 */
extern char _percpu_reserve_start[] LINKER_SYMBOL;
extern char _percpu_reserve_end[] LINKER_SYMBOL;
extern char _percpu_map_start[] LINKER_SYMBOL;
/* The space for areas. */
extern char _percpu_start[] LINKER_SYMBOL;
extern char _percpu_end[] LINKER_SYMBOL;

/*
 * Whatever clears or leaves out a part of the template does so up to its end, and this lies behind.
 * Volatile: what it holds is for whoever loaded the kernel to say.
 */
#define PERCPU_MARK 0x5ca1ab1eu
extern volatile uint32_t _percpu_mark LINKER_SYMBOL;

/* The table of restartable sequences. */
extern char _percpu_sequences_start[] LINKER_SYMBOL;
extern char _percpu_sequences_end[] LINKER_SYMBOL;

/* percpu.ld reserves the areas in a section that takes its type from this one. */
#define PERCPU_VMA_LIBRARY_ASM ".pushsection .percpu.areas, \"aw\", @nobits\n.popsection"

/* Where the initial values are, and the bytes of them. */
static inline char *_percpu_template(void)
{
	return _percpu_load_start;
}

static inline size_t _percpu_template_size(void)
{
	return (size_t)(_percpu_load_end - _percpu_load_start);
}

static inline size_t _percpu_template_align(void)
{
	return (size_t)(_percpu_align_end - _percpu_load_start);
}

/* From one area to the next: a multiple of the alignment. */
static inline size_t _percpu_stride(void)
{
	return (size_t)(_percpu_stride_end - _percpu_load_start);
}

/* What lies in template space: nothing of an area may be there. */
static inline char *_percpu_template_end(void)
{
	return _percpu_reserve_end;
}

/* The bytes at _percpu_start for areas. */
static inline size_t _percpu_reserved(void)
{
	return (size_t)(_percpu_end - _percpu_start);
}

static inline bool _percpu_loaded(void)
{
	return _percpu_mark == PERCPU_MARK;
}

static inline void *_percpu_sequences_first(void)
{
	return _percpu_sequences_start;
}

static inline void *_percpu_sequences_last(void)
{
	return _percpu_sequences_end;
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * PERCPU_VMA zero: the template is linked at 0 and loaded at _percpu_start, where it is the first
 * of the areas that the script reserves.
 */
#ifndef PERCPU_TEMPLATE_H
#define PERCPU_TEMPLATE_H

/* Where the template is loaded: an ordinary address. */
extern char _percpu_start[] LINKER_SYMBOL;

/*
 * The script's other symbols as numbers in memory: they are at or near 0, which the instructions of
 * position-independent code do not reach everywhere. Volatile, or link-time optimisation would put
 * such instructions in place of the loads.
 */
struct _percpu_script {
	uintptr_t load_start, load_end;
	uintptr_t end; /* 0 in a script that does not define _percpu_end */
	uintptr_t sequences_start, sequences_end;
};
extern const volatile struct _percpu_script _percpu_script LINKER_SYMBOL;

/* percpu.ld, which is the other configuration's, refuses this. */
#define PERCPU_VMA_LIBRARY_ASM ".globl libpercpu__vma_zero\n.set libpercpu__vma_zero, 0"

static inline char *_percpu_template(void)
{
	return _percpu_start;
}

static inline size_t _percpu_template_size(void)
{
	return _percpu_script.load_end - _percpu_script.load_start;
}

/* The script's ALIGN(64): from one area to the next nothing else is kept. */
static inline size_t _percpu_template_align(void)
{
	return 64;
}

static inline size_t _percpu_stride(void)
{
	size_t mask = _percpu_template_align() - 1;

	return (_percpu_template_size() + mask) & ~mask;
}

static inline char *_percpu_template_end(void)
{
	return _percpu_template() + _percpu_template_size();
}

static inline size_t _percpu_reserved(void)
{
	uintptr_t end = _percpu_script.end;

	return end ? end - (uintptr_t)_percpu_start : SIZE_MAX;
}

/* Nothing can tell: with the crate's (NOLOAD) no initial value is loaded, and that is right. */
static inline bool _percpu_loaded(void)
{
	return true;
}

static inline void *_percpu_sequences_first(void)
{
	return (void *)_percpu_script.sequences_start; /* NOLINT: a number from the script */
}

static inline void *_percpu_sequences_last(void)
{
	return (void *)_percpu_script.sequences_end; /* NOLINT: as above */
}

#endif

/* SPDX-License-Identifier: 0BSD */
/*
 * What a loader of relocatable ELF files must know of an architecture: kernels/module has one. Its
 * numbers are those of the architecture's ELF supplement to the System V ABI. Behind it are
 * arch/<arch>/relocate.c, which is portable C, and code.c.
 */
#ifndef ARCH_RELOCATE_H
#define ARCH_RELOCATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* e_machine of its files. */
extern const unsigned arch_elf_machine;

struct relocation_kind {
	unsigned type;
	const char *name;
	size_t bytes;	 /* that it changes */
	bool relative;	 /* what it writes depends on where that is */
	bool high;	 /* it holds the upper part of a distance, whose lower part, */
	bool wants_high; /* this, names it by its place instead of the symbol */
};

/* One relocation, at work. */
struct relocation {
	const struct relocation_kind *kind;
	uint8_t *at;	/* the bytes to change */
	uint64_t place; /* their address, when they are used */
	uint64_t value; /* symbol and addend; where kind wants_high, what that one has */
	uint64_t high;	/* and where kind wants_high, the place of that one */
	int64_t addend;
	bool near; /* the symbol is a near per-CPU variable of the kernel's */
	bool last; /* nothing of the section is behind these bytes and the addend's */
};

/* NULL for a type that this loader does not know. */
const struct relocation_kind *arch_relocation_kind(unsigned type);

/*
 * Changes the bytes. Returns NULL, or half a sentence that says why that cannot be, and has changed
 * nothing: the value is out of reach of the instruction, or would lose bits.
 */
const char *arch_relocate(const struct relocation *relocation);

/* ---- code.c ---- */

/*
 * On the CPU that has written code to the bytes from FIRST to LAST, before it runs them, and before
 * it tells other CPUs of them, by a store with release.
 */
void arch_code_written(const void *first, const void *last);

/* On each other CPU, once it has been told, by a load with acquire, and before it runs the code. */
void arch_code_fetch(void);

/* ---- For the files behind this: little-endian, and not always aligned ---- */

static inline uint64_t relocation_read(const uint8_t *at, size_t bytes)
{
	uint64_t value = 0;

	for (size_t i = 0; i < bytes; i++)
		value |= (uint64_t)at[i] << 8 * i;
	return value;
}

static inline void relocation_write(uint8_t *at, size_t bytes, uint64_t value)
{
	for (size_t i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

/* Whether VALUE is one of BITS bits with a sign. */
static inline bool relocation_fits(uint64_t value, unsigned bits)
{
	return value + ((uint64_t)1 << (bits - 1)) < (uint64_t)1 << bits;
}

#define RELOCATION_OUT_OF_REACH "the symbol is out of its reach: load the module nearer to it"

#endif

/* SPDX-License-Identifier: 0BSD */
/* Relocations of "ELF for the Arm 64-bit Architecture (AArch64)". */
#include <arch/relocate.h>

const unsigned arch_elf_machine = 183;

/* In order: the numbers of those that access memory tell its size. */
enum {
	R_NONE = 0,
	R_NONE_WITHDRAWN = 256,
	R_ABS64 = 257,
	R_ABS32,
	R_ABS16,
	R_PREL64,
	R_PREL32,
	R_PREL16,
	R_ADR_PREL_LO21 = 274,
	R_ADR_PREL_PG_HI21 = 275,
	R_ADD_ABS_LO12_NC = 277,
	R_LDST8_ABS_LO12_NC = 278,
	R_TSTBR14 = 279,
	R_CONDBR19 = 280,
	R_JUMP26 = 282,
	R_CALL26 = 283,
	R_LDST16_ABS_LO12_NC = 284,
	R_LDST32_ABS_LO12_NC = 285,
	R_LDST64_ABS_LO12_NC = 286,
	R_LDST128_ABS_LO12_NC = 299,
};

#define KIND(kind, bytes_, relative_)                                                              \
	{                                                                                          \
		.type = R_##kind, .name = "R_AARCH64_" #kind, .bytes = bytes_,                     \
		.relative = relative_                                                              \
	}
static const struct relocation_kind kinds[] = {
	KIND(NONE, 0, false),
	KIND(NONE_WITHDRAWN, 0, false),
	KIND(ABS64, 8, false),
	KIND(ABS32, 4, false),
	KIND(ABS16, 2, false),
	KIND(PREL64, 8, true),
	KIND(PREL32, 4, true),
	KIND(PREL16, 2, true),
	KIND(ADR_PREL_LO21, 4, true),
	KIND(ADR_PREL_PG_HI21, 4, true),
	KIND(ADD_ABS_LO12_NC, 4, false),
	KIND(LDST8_ABS_LO12_NC, 4, false),
	KIND(LDST16_ABS_LO12_NC, 4, false),
	KIND(LDST32_ABS_LO12_NC, 4, false),
	KIND(LDST64_ABS_LO12_NC, 4, false),
	KIND(LDST128_ABS_LO12_NC, 4, false),
	KIND(TSTBR14, 4, true),
	KIND(CONDBR19, 4, true),
	KIND(JUMP26, 4, true),
	KIND(CALL26, 4, true),
};

const struct relocation_kind *arch_relocation_kind(unsigned type)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].type == type)
			return &kinds[i];
	return NULL;
}

/* Puts the lowest BITS of VALUE into the instruction, from bit SHIFT on. */
static void insert(uint8_t *at, uint64_t value, unsigned bits, unsigned shift)
{
	uint64_t mask = (((uint64_t)1 << bits) - 1) << shift;

	relocation_write(at, 4, (relocation_read(at, 4) & ~mask) | (value << shift & mask));
}

static const char *data(const struct relocation *r, uint64_t value)
{
	unsigned bits = (unsigned)(8 * r->kind->bytes);

	/* Of numbers without a sign too: the supplement has the union of both ranges. */
	if (bits < 64 && !relocation_fits(value, bits) && value >> bits)
		return RELOCATION_OUT_OF_REACH;
	relocation_write(r->at, r->kind->bytes, value);
	return NULL;
}

/* A branch: a number of instructions, of BITS bits with a sign. */
static const char *branch(const struct relocation *r, unsigned bits, unsigned shift)
{
	uint64_t distance = r->value - r->place;

	if (distance & 3)
		return "its target is not an instruction's address";
	if (!relocation_fits(distance, bits + 2))
		return RELOCATION_OUT_OF_REACH;
	insert(r->at, distance >> 2, bits, shift);
	return NULL;
}

/* ADR and ADRP: 21 bits, of which the lowest two lie apart. */
static const char *address(const struct relocation *r, uint64_t distance)
{
	if (!relocation_fits(distance, 21))
		return RELOCATION_OUT_OF_REACH;
	insert(r->at, distance, 2, 29);
	insert(r->at, distance >> 2, 19, 5);
	return NULL;
}

/* The offset in a page, in units of 1 << SCALE bytes. */
static const char *low(const struct relocation *r, unsigned scale)
{
	uint64_t offset = r->value & 0xfff;

	if (offset & (((uint64_t)1 << scale) - 1))
		return "the symbol is not aligned as the instruction needs it";
	insert(r->at, offset >> scale, 12, 10);
	return NULL;
}

static uint64_t page(uint64_t address)
{
	return address >> 12;
}

/*
 * ADRP. Erratum 843419 of Cortex-A53: in the last two words of a page it may have code behind it
 * use a wrong address. There it is made an ADR of the same page, whose bit 31 is 0; or refused.
 */
static const char *page_address(const struct relocation *r)
{
	const char *error;

	/* Both are addresses: what is shifted in above them does not reach into 21 bits. */
	if ((r->place & 0xff8) != 0xff8)
		return address(
			r, (uint64_t)((int64_t)((page(r->value) - page(r->place)) << 12) >> 12));
	error = address(r, (page(r->value) << 12) - r->place);
	if (!error)
		r->at[3] &= 0x7f;
	return error;
}

const char *arch_relocate(const struct relocation *r)
{
	switch (r->kind->type) {
	case R_NONE:
	case R_NONE_WITHDRAWN:
		return NULL;
	case R_ADR_PREL_LO21:
		return address(r, r->value - r->place);
	case R_ADR_PREL_PG_HI21:
		return page_address(r);
	case R_ADD_ABS_LO12_NC:
	case R_LDST8_ABS_LO12_NC:
		return low(r, 0);
	case R_LDST16_ABS_LO12_NC:
	case R_LDST32_ABS_LO12_NC:
	case R_LDST64_ABS_LO12_NC:
		return low(r, r->kind->type - R_LDST16_ABS_LO12_NC + 1);
	case R_LDST128_ABS_LO12_NC:
		return low(r, 4);
	case R_TSTBR14:
		return branch(r, 14, 5);
	case R_CONDBR19:
		return branch(r, 19, 5);
	case R_JUMP26:
	case R_CALL26:
		return branch(r, 26, 0);
	default:
		return data(r, r->value - (r->kind->relative ? r->place : 0));
	}
}

/* SPDX-License-Identifier: 0BSD */
/*
 * Relocations of the "RISC-V ELF Specification" (RISC-V ABIs). This loader does not relax:
 * R_RISCV_RELAX, which allows it, asks for nothing, and R_RISCV_ALIGN, which demands it, is refused
 * where bytes would have to go.
 */
#include <arch/relocate.h>

const unsigned arch_elf_machine = 243;

enum {
	R_NONE = 0,
	R_32 = 1,
	R_64 = 2,
	R_BRANCH = 16,
	R_JAL = 17,
	R_CALL = 18,
	R_CALL_PLT = 19,
	R_PCREL_HI20 = 23,
	R_PCREL_LO12_I = 24,
	R_PCREL_LO12_S = 25,
	R_HI20 = 26,
	R_LO12_I = 27,
	R_LO12_S = 28,
	R_ADD8 = 33,
	R_ADD16 = 34,
	R_ADD32 = 35,
	R_ADD64 = 36,
	R_SUB8 = 37,
	R_SUB16 = 38,
	R_SUB32 = 39,
	R_SUB64 = 40,
	R_ALIGN = 43,
	R_RVC_BRANCH = 44,
	R_RVC_JUMP = 45,
	R_RELAX = 51,
	R_32_PCREL = 57,
};

/* clang-format off */
#define KIND(kind, ...) {.type = R_##kind, .name = "R_RISCV_" #kind, __VA_ARGS__}
/* clang-format on */
/* ADD and SUB make a distance, which may be that from their place. */
static const struct relocation_kind kinds[] = {
	KIND(NONE, 0),
	KIND(32, .bytes = 4),
	KIND(64, .bytes = 8),
	KIND(BRANCH, .bytes = 4, .relative = true),
	KIND(JAL, .bytes = 4, .relative = true),
	KIND(CALL, .bytes = 8, .relative = true),
	KIND(CALL_PLT, .bytes = 8, .relative = true),
	KIND(PCREL_HI20, .bytes = 4, .relative = true, .high = true),
	KIND(PCREL_LO12_I, .bytes = 4, .relative = true, .wants_high = true),
	KIND(PCREL_LO12_S, .bytes = 4, .relative = true, .wants_high = true),
	KIND(HI20, .bytes = 4),
	KIND(LO12_I, .bytes = 4),
	KIND(LO12_S, .bytes = 4),
	KIND(ADD8, .bytes = 1, .relative = true),
	KIND(ADD16, .bytes = 2, .relative = true),
	KIND(ADD32, .bytes = 4, .relative = true),
	KIND(ADD64, .bytes = 8, .relative = true),
	KIND(SUB8, .bytes = 1, .relative = true),
	KIND(SUB16, .bytes = 2, .relative = true),
	KIND(SUB32, .bytes = 4, .relative = true),
	KIND(SUB64, .bytes = 8, .relative = true),
	KIND(ALIGN, 0),
	KIND(RVC_BRANCH, .bytes = 2, .relative = true),
	KIND(RVC_JUMP, .bytes = 2, .relative = true),
	KIND(RELAX, 0),
	KIND(32_PCREL, .bytes = 4, .relative = true),
};

const struct relocation_kind *arch_relocation_kind(unsigned type)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].type == type)
			return &kinds[i];
	return NULL;
}

/* Of VALUE, BITS bits from bit FROM on, at bit TO. */
static uint32_t bits(uint64_t value, unsigned from, unsigned count, unsigned to)
{
	return (uint32_t)((value >> from & (((uint64_t)1 << count) - 1)) << to);
}

static void change(uint8_t *at, size_t bytes, uint32_t mask, uint32_t value)
{
	relocation_write(at, bytes, (relocation_read(at, bytes) & ~(uint64_t)mask) | value);
}

/* The unprivileged specification's formats of immediates: U, I, S, B, J, CB, CJ. */
static void set_u(uint8_t *at, uint64_t value)
{
	change(at, 4, 0xfffff000, bits(value + 0x800, 12, 20, 12));
}

static void set_i(uint8_t *at, uint64_t value)
{
	change(at, 4, 0xfff00000, bits(value, 0, 12, 20));
}

static void set_s(uint8_t *at, uint64_t value)
{
	change(at, 4, 0xfe000f80, bits(value, 5, 7, 25) | bits(value, 0, 5, 7));
}

static void set_b(uint8_t *at, uint64_t value)
{
	change(at, 4, 0xfe000f80,
	       bits(value, 12, 1, 31) | bits(value, 5, 6, 25) | bits(value, 1, 4, 8) |
		       bits(value, 11, 1, 7));
}

static void set_j(uint8_t *at, uint64_t value)
{
	change(at, 4, 0xfffff000,
	       bits(value, 20, 1, 31) | bits(value, 1, 10, 21) | bits(value, 11, 1, 20) |
		       bits(value, 12, 8, 12));
}

static void set_cb(uint8_t *at, uint64_t value)
{
	change(at, 2, 0x1c7c,
	       bits(value, 8, 1, 12) | bits(value, 3, 2, 10) | bits(value, 6, 2, 5) |
		       bits(value, 1, 2, 3) | bits(value, 5, 1, 2));
}

static void set_cj(uint8_t *at, uint64_t value)
{
	change(at, 2, 0x1ffc,
	       bits(value, 11, 1, 12) | bits(value, 4, 1, 11) | bits(value, 8, 2, 9) |
		       bits(value, 10, 1, 8) | bits(value, 6, 1, 7) | bits(value, 7, 1, 6) |
		       bits(value, 1, 3, 3) | bits(value, 5, 1, 2));
}

static const char *jump(const struct relocation *r, unsigned width,
			void (*set)(uint8_t *at, uint64_t value))
{
	uint64_t distance = r->value - r->place;

	if (distance & 1)
		return "its target is not an instruction's address";
	if (!relocation_fits(distance, width))
		return RELOCATION_OUT_OF_REACH;
	set(r->at, distance);
	return NULL;
}

/* The upper 20 of 32 bits, rounded for a lower part with a sign. */
static const char *high(const struct relocation *r, uint64_t value)
{
	if (!relocation_fits(value + 0x800, 32))
		return RELOCATION_OUT_OF_REACH;
	set_u(r->at, value);
	return NULL;
}

static const char *call(const struct relocation *r)
{
	const char *error = high(r, r->value - r->place);

	if (!error)
		set_i(r->at + 4, r->value - r->place);
	return error;
}

/*
 * Of an absolute address, whose upper part another instruction has; or of a near variable of the
 * kernel's, relative to gp or tp.
 */
static const char *low(const struct relocation *r)
{
	if (!r->near && !relocation_fits(r->value + 0x800, 32))
		return RELOCATION_OUT_OF_REACH;
	(r->kind->type == R_LO12_I ? set_i : set_s)(r->at, r->value);
	return NULL;
}

/*
 * A distance comes as two relocations of one place, one behind the other: ADD of its end, SUB of
 * its start. Whether it fits is known at the second. ADD alone is what percpu/riscv.h makes of it,
 * to fill in a near variable's offset where PERCPU_RISCV_PIE is 1.
 */
static const char *distance(const struct relocation *r)
{
	static const uint8_t *added_at;
	static uint64_t sum;
	unsigned width = (unsigned)(8 * r->kind->bytes);

	if (r->kind->type <= R_ADD64) {
		added_at = r->at;
		sum = relocation_read(r->at, r->kind->bytes) + r->value;
		relocation_write(r->at, r->kind->bytes, sum);
		return NULL;
	}
	if (added_at != r->at)
		return "no R_RISCV_ADD of the same place is before it";
	added_at = NULL;
	sum -= r->value;
	if (width < 64 && !relocation_fits(sum, width) && sum >> width)
		return "the distance does not fit its place";
	relocation_write(r->at, r->kind->bytes, sum);
	return NULL;
}

/* The addend is how many bytes of no-operations are here; the alignment is the power of two above.
 */
static const char *align(const struct relocation *r)
{
	uint64_t alignment = 1;

	while (alignment <= (uint64_t)r->addend && alignment < 4096)
		alignment *= 2;
	if (r->last || (r->place + (uint64_t)r->addend) % alignment == 0)
		return NULL;
	return "only a linker can take out bytes here: compile the module with -mno-relax";
}

static const char *word(const struct relocation *r)
{
	uint64_t value = r->value - (r->kind->relative ? r->place : 0);

	if (r->kind->bytes == 4 && !relocation_fits(value, 32) &&
	    (r->kind->relative || value >> 32))
		return RELOCATION_OUT_OF_REACH;
	relocation_write(r->at, r->kind->bytes, value);
	return NULL;
}

const char *arch_relocate(const struct relocation *r)
{
	switch (r->kind->type) {
	case R_NONE:
	case R_RELAX:
		return NULL;
	case R_ALIGN:
		return align(r);
	case R_BRANCH:
		return jump(r, 13, set_b);
	case R_JAL:
		return jump(r, 21, set_j);
	case R_RVC_BRANCH:
		return jump(r, 9, set_cb);
	case R_RVC_JUMP:
		return jump(r, 12, set_cj);
	case R_CALL:
	case R_CALL_PLT:
		return call(r);
	case R_PCREL_HI20:
		return high(r, r->value - r->place);
	case R_PCREL_LO12_I:
		set_i(r->at, r->value - r->high);
		return NULL;
	case R_PCREL_LO12_S:
		set_s(r->at, r->value - r->high);
		return NULL;
	case R_HI20:
		return high(r, r->value);
	case R_LO12_I:
	case R_LO12_S:
		return low(r);
	case R_32:
	case R_64:
	case R_32_PCREL:
		return word(r);
	default:
		return distance(r);
	}
}

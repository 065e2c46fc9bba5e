/* SPDX-License-Identifier: MIT */
/*
 * arch/aarch64/relocate.c: ADRP, of which Cortex-A53 has erratum 843419 at the end of a page. It
 * fails if one is left there, or if what stands there instead is another page's address.
 */
#include <arch/aarch64/relocate.c>

#include "common/unit.h"

#define ADRP_X3 UINT64_C(0x90000003)
#define ADR_X3 UINT64_C(0x10000003)

static const char *error;

/* What becomes of an ADRP at PLACE, of VALUE. */
static uint64_t relocated(uint64_t place, uint64_t value)
{
	uint8_t bytes[4];
	struct relocation relocation = {
		.kind = arch_relocation_kind(R_ADR_PREL_PG_HI21),
		.at = bytes,
		.place = place,
		.value = value,
	};

	relocation_write(bytes, 4, ADRP_X3);
	error = arch_relocate(&relocation);
	return relocation_read(bytes, 4);
}

/* The distance that is in an ADR's or ADRP's instruction. */
static uint64_t immediate(uint64_t instruction)
{
	uint64_t all = (instruction >> 3 & 0x1ffffc) | (instruction >> 29 & 3);

	return (all ^ 0x100000) - 0x100000;
}

static bool is(uint64_t instruction, uint64_t kind, uint64_t distance)
{
	return !error && (instruction & 0x9f00001f) == kind && immediate(instruction) == distance;
}

static void elsewhere(void)
{
	CHECK(is(relocated(0x40001ff4, 0x40005678), ADRP_X3, 4));
	CHECK(is(relocated(0x40002000, 0x40001ffc), ADRP_X3, (uint64_t)-1));
	CHECK(is(relocated(0x40000000, 0x13ffff123), ADRP_X3, 0xfffff));
	relocated(0x40000000, 0x140000000);
	CHECK(error);
}

static void at_the_end(void)
{
	CHECK(is(relocated(0x40001ff8, 0x40005678), ADR_X3, 0x3008));
	CHECK(is(relocated(0x40001ffc, 0x40005678), ADR_X3, 0x3004));
	CHECK(is(relocated(0x40001ffc, 0x40001000), ADR_X3, (uint64_t)-0xffc));
	CHECK(is(relocated(0x40001ff8, 0x40101abc), ADR_X3, 0xff008));
}

static void out_of_reach(void)
{
	CHECK(relocated(0x40001ff8, 0x40102000) == ADRP_X3 && error);
	CHECK(relocated(0x40001ffc, 0x3ff01fff) == ADRP_X3 && error);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"an ADRP finds its page, 4 GiB around it", elsewhere},
		{"at the end of a page it is an ADR of the same page", at_the_end},
		{"and refused there where an ADR does not reach", out_of_reach},
	};

	UNIT_RUN(tests);
}

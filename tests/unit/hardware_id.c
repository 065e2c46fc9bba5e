/* SPDX-License-Identifier: MIT */
/*
 * The number by which PERCPU_DEBUG tells CPUs on x86_64, from constructed answers of CPUID. It
 * fails if two APIC ids give the same number, or if an answer counts that is none.
 */
/* Not by percpu.h, which brings the host's port. */
#include <percpu/configuration.h>
#include <stddef.h>
#include <stdint.h>

#include "ports/x86_64/percpu_arch.h"
#include "common/unit.h"

static uint32_t highest_leaf, levels, id;

/* As the SDM has it: what is behind the highest leaf is answered as if it were that. */
static void answer(uint32_t leaf, uint32_t said[4])
{
	static const uint32_t other[4] = {7, 0x10000, 5, 99};
	uint32_t asked = leaf < highest_leaf ? leaf : highest_leaf;

	for (size_t i = 0; i < 4; i++)
		said[i] = asked ? other[i] : highest_leaf;
	if (asked == 1)
		said[1] = id << 24 | 0x00100800;
	if (asked == 0xb) {
		said[1] = levels;
		said[3] = levels & 0xffff ? id : 0;
	}
}

static uint32_t id_seen(uint32_t highest, uint32_t logical_processors, uint32_t apic_id)
{
	highest_leaf = highest;
	levels = logical_processors;
	id = apic_id;
	return _percpu_apic_id(answer);
}

static void high_ids(void)
{
	static const uint32_t ids[] = {0, 1, 254, 255, 256, 257, 511, 0x10000, 0xfffffffe};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		CHECK(id_seen(0xb, 1, ids[i]) == ids[i]);
		CHECK(id_seen(0x1f, 2, ids[i]) == ids[i]);
	}
}

static void old_processors(void)
{
	CHECK(id_seen(1, 0, 7) == 7 && id_seen(2, 1, 254) == 254);
	/* One leaf short of it; its last leaf would be taken for it. */
	CHECK(id_seen(0xa, 1, 6) == 6);
}

static void empty_leaf(void)
{
	CHECK(id_seen(0xb, 0, 9) == 9 && id_seen(0x16, 0, 200) == 200);
	/* Of EBX only bits 15 to 0 count: the others are reserved. */
	CHECK(id_seen(0xb, 0x80000000, 3) == 3);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"C62 CPUs whose APIC ids are the same in 8 bits are told apart", high_ids},
		{"C62 without CPUID leaf 0BH the id is that of leaf 1", old_processors},
		{"C62 where leaf 0BH says nothing the id is that of leaf 1", empty_leaf},
	};

	UNIT_RUN(tests);
}

/* SPDX-License-Identifier: MIT */
/*
 * The table of restartable sequences: three pieces of code that are listed as such are found by
 * each address in them and by none outside; a table out of order is noticed by percpu_init. The
 * code is never run. It fails if percpu_restart gives anything but the start of the sequence that
 * an address is in, or else the address itself.
 */
#include <percpu.h>

#include <lib/internal.h>

#include "common/unit.h"

/* As PERCPU__SEQUENCE_END writes it: LABEL is followed by LENGTH bytes. */
#define SEQUENCE(label, length)                                                                    \
	".globl " label "\n" label ":\n\t.skip " length ", 0x90\n"                                 \
	".pushsection percpu_sequences, \"ao?\", @progbits, " label "\n\t.balign 4\n\t"            \
	".4byte " label " - ., " length "\n\t.popsection\n"

/* The third and second have nothing between them. */
__asm__(".pushsection .text.sequences, \"ax\", @progbits\n\tnop\n" SEQUENCE(
	"sequence_1", "12") "nop\n" SEQUENCE("sequence_2", "8")
		SEQUENCE("sequence_3", "1") "nop\n.popsection");

extern char sequence_1[], sequence_2[], sequence_3[];

static bool found(const char *pc, const char *start, size_t length)
{
	uintptr_t from = 0, to = 0;

	return percpu_in_sequence((uintptr_t)pc, &from, &to) && from == (uintptr_t)start &&
	       to == (uintptr_t)start + length && percpu_restart((uintptr_t)pc) == from;
}

static bool outside(uintptr_t pc)
{
	uintptr_t from = 4711, to = 4712;

	return !percpu_in_sequence(pc, &from, &to) && from == 4711 && to == 4712 &&
	       percpu_restart(pc) == pc;
}

static void inside_each(void)
{
	for (size_t i = 0; i < 12; i++)
		CHECK(found(sequence_1 + i, sequence_1, 12));
	for (size_t i = 0; i < 8; i++)
		CHECK(found(sequence_2 + i, sequence_2, 8));
	CHECK(found(sequence_3, sequence_3, 1));
}

static void outside_all(void)
{
	CHECK(outside(0));
	CHECK(outside((uintptr_t)sequence_1 - 1));
	CHECK(outside((uintptr_t)sequence_1 + 12));
	CHECK(outside((uintptr_t)sequence_3 + 1));
	CHECK(outside((uintptr_t)outside));
	CHECK(outside(UINTPTR_MAX));
}

/* The linker has made the table read-only, or not: a copy of what it says in another order. */
static void order(void)
{
	struct {
		int32_t start;
		uint32_t length;
	} *table = (void *)(uintptr_t)_percpu_sequences_first(), kept = table[0];

	CHECK((const char *)_percpu_sequences_last() - (const char *)table == 3 * sizeof(*table));
	CHECK(_percpu_sequences_in_order());
	table[0].start += 13; /* into the second */
	CHECK(!_percpu_sequences_in_order());
	CHECK(percpu_init(1) == PERCPU_EORDER);
	CHECK(percpu_early_init() == PERCPU_EORDER);
	CHECK(percpu_area_num() == 0);
	table[0] = kept;
	CHECK(percpu_init(1) == 0);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"an address in a sequence gives its start and end", inside_each},
		{"any other address is left as it is", outside_all},
		{"percpu_init refuses a table out of order", order},
	};

	UNIT_RUN(tests);
}

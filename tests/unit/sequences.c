/* SPDX-License-Identifier: MIT */
/*
 * The table of restartable sequences as the linker has collected it: three pieces of code that are
 * listed as such are found by each address in them and by none outside; a table that cannot be
 * right is noticed by percpu_init. The code is never run. It fails if percpu_restart gives anything
 * but the start of the sequence that an address is in, or else the address itself. Tables that are
 * made at run time: sequences_made.c.
 */
#include <percpu.h>

#include <lib/internal.h>

#include "common/unit.h"

/* As PERCPU__SEQUENCE_END writes it: LABEL is followed by LENGTH bytes. */
#define SEQUENCE(label, length)                                                                    \
	".globl " label "\n" label ":\n\t.skip " length ", 0x90\n"                                 \
	".pushsection percpu_sequences." label ", \"awo?\", @progbits, " label "\n\t.balign 4\n\t" \
	".4byte " label " - ., " length "\n\t.popsection\n"

/* The third and second have nothing between them. */
__asm__(".pushsection .text.sequences, \"ax\", @progbits\n\tnop\n" SEQUENCE(
	"sequence_1", "12") "nop\n" SEQUENCE("sequence_2", "8")
		SEQUENCE("sequence_3", "1") "nop\n.popsection");

extern char sequence_1[], sequence_2[], sequence_3[];

struct entry {
	int32_t start;
	uint32_t length;
};

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
	CHECK(outside((uintptr_t)sequence_1));
	CHECK(percpu_init(1) == 0);
	for (size_t i = 0; i < 12; i++)
		CHECK(found(sequence_1 + i, sequence_1, 12));
	for (size_t i = 0; i < 8; i++)
		CHECK(found(sequence_2 + i, sequence_2, 8));
	CHECK(found(sequence_3, sequence_3, 1));
}

static void outside_all(void)
{
	CHECK(percpu_init(1) == 0);
	CHECK(outside(0));
	CHECK(outside((uintptr_t)sequence_1 - 1));
	CHECK(outside((uintptr_t)sequence_1 + 12));
	CHECK(outside((uintptr_t)sequence_3 + 1));
	CHECK(outside((uintptr_t)outside));
	CHECK(outside((uintptr_t)_percpu_sequences_collected));
	CHECK(outside(UINTPTR_MAX));
}

/* The entry whose sequence starts at LABEL. */
static struct entry *entry_of(const char *label)
{
	struct entry *entry = _percpu_sequences_first(), *last = _percpu_sequences_last();

	while (entry < last && (char *)entry + entry->start != label)
		entry++;
	CHECK(entry < last);
	return entry;
}

/* The three, and the library's own. */
static void collected(void)
{
	char *first = _percpu_sequences_first(), *last = _percpu_sequences_last();

	CHECK(last - first == 4 * sizeof(struct entry));
	CHECK(_percpu_sequences_collected());
}

static void overlap(void)
{
	struct entry *entry = entry_of(sequence_2);

	entry->length = 9; /* into the third */
	CHECK(percpu_init(1) == PERCPU_EORDER);
	CHECK(percpu_early_init() == PERCPU_EORDER);
	CHECK(percpu_area_num() == 0);
	CHECK(outside((uintptr_t)sequence_2));
	entry->length = 8;
	CHECK(percpu_early_init() == 0);
	CHECK(found(sequence_2, sequence_2, 8));
}

/* As ld -r may leave it. */
static void unsorted(void)
{
	struct entry *one = entry_of(sequence_1), *three = entry_of(sequence_3);
	struct entry kept = *one;
	int32_t apart = (int32_t)((char *)three - (char *)one);

	*one = (struct entry){three->start + apart, three->length};
	*three = (struct entry){kept.start - apart, kept.length};
	inside_each();
	outside((uintptr_t)sequence_3 + 1);
}

static void discarded(void)
{
	CHECK(percpu_init(1) == 0);
	percpu_sequences_discard(sequence_1, sequence_1);
	percpu_sequences_discard(sequence_1 + 1, sequence_2);
	CHECK(found(sequence_1 + 1, sequence_1, 12));
	percpu_sequences_discard(sequence_2, sequence_3);
	CHECK(found(sequence_1 + 11, sequence_1, 12));
	for (size_t i = 0; i < 8; i++)
		CHECK(outside((uintptr_t)sequence_2 + i));
	CHECK(found(sequence_3, sequence_3, 1));
}

static void discarded_early(void)
{
	percpu_sequences_discard(sequence_2, sequence_3 + 1);
	CHECK(percpu_early_init() == 0);
	CHECK(outside((uintptr_t)sequence_2));
	CHECK(outside((uintptr_t)sequence_3));
	CHECK(found(sequence_1, sequence_1, 12));
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"an address in a sequence gives its start and end, once there are areas",
		 inside_each},
		{"any other address is left as it is", outside_all},
		{"the table has the sequences, and the library's own entry", collected},
		{"C29 percpu_init refuses sequences that overlap", overlap},
		{"C29 percpu_init sorts a table out of order", unsorted},
		{"C35 what starts in code that is gone is no sequence", discarded},
		{"C35 nor if that is said before there are areas", discarded_early},
	};

	UNIT_RUN(tests);
}

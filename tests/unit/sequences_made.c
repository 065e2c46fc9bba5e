/* SPDX-License-Identifier: MIT */
/*
 * Tables of restartable sequences that are made here: the library's own source, compiled once more.
 * However the entries lie in the table, each address must give what a search through all of them
 * gives, and what cannot be in order must be refused.
 */
#include <percpu.h>

/* The names of the library, for what it has already; below they are this file's. */
#define _percpu_sequences_first _percpu_sequences_first_of_library
#define _percpu_sequences_last _percpu_sequences_last_of_library
#include <lib/internal.h>
#undef _percpu_sequences_first
#undef _percpu_sequences_last

#include "common/unit.h"

enum { MOST = 5000 };

static struct {
	int32_t start;
	uint32_t length;
} table[MOST + 1];
static size_t bytes;

static void *made_first(void)
{
	return table;
}

static void *made_last(void)
{
	return (char *)table + bytes;
}

static bool is_collected = true;

static bool made_collected(void)
{
	return is_collected;
}

static bool made_prepare(void);
static bool made_in_sequence(uintptr_t pc, uintptr_t *start, uintptr_t *end);
static uintptr_t made_restart(uintptr_t pc);
static void made_discard(const void *start, const void *end);

#define _percpu_sequences_first made_first
#define _percpu_sequences_last made_last
#define _percpu_sequences_collected made_collected
#define _percpu_sequences_prepare made_prepare
#define _percpu_in_own_sequence made_in_sequence
#define _percpu_restart_own made_restart
#define _percpu_sequences_map made_map
#define percpu_sequences_discard made_discard
#undef PERCPU__WEAK_NAMES
#define PERCPU__WEAK_NAMES
#include <lib/sequences.c>

/* What the table has to say, in the order of the addresses. */
static struct {
	uintptr_t start;
	uint32_t length;
} wanted[MOST];
static size_t count;

static uint32_t any(uint32_t below)
{
	static uint64_t state = 42;

	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33) % below;
}

static void write_entry(size_t at, size_t of)
{
	table[at].start = (int32_t)(wanted[of].start - (uintptr_t)&table[at]);
	table[at].length = wanted[of].length;
}

/* NUMBER sequences of 2 to 20 bytes, GAP at most apart, and each CLUSTER of them far apart. */
static void make(size_t number, uint32_t gap, size_t cluster)
{
	uintptr_t at = (uintptr_t)table + sizeof(table) + 4096;

	count = number;
	bytes = number * sizeof(table[0]);
	for (size_t i = 0; i < number; i++) {
		at += any(gap + 1) + (cluster && i % cluster == 0 ? 100000 : 0);
		wanted[i].start = at;
		wanted[i].length = 2 * (1 + any(10));
		at += wanted[i].length;
		write_entry(i, i);
	}
}

static void reverse(void)
{
	for (size_t i = 0; i < count; i++)
		write_entry(i, count - 1 - i);
}

static void swap(size_t a, size_t b)
{
	uintptr_t start = start_of((struct sequence *)&table[a]);
	uint32_t length = table[a].length;

	put((struct sequence *)&table[a], start_of((struct sequence *)&table[b]), table[b].length);
	put((struct sequence *)&table[b], start, length);
}

static void shuffle(void)
{
	for (size_t i = count; i > 1; i--)
		swap(i - 1, any((uint32_t)i));
}

/* Whether the address gives what sequence I, the last that does not start behind it, says. */
static bool right(uintptr_t pc, size_t i)
{
	bool inside = pc >= wanted[i].start && pc - wanted[i].start < wanted[i].length;

	return made_restart(pc) == (inside ? wanted[i].start : pc);
}

/* All addresses in and around all sequences, and far ones. */
static void look_up_all(void)
{
	bool all = true;

	for (size_t i = 0; i < count; i++) {
		uintptr_t start = wanted[i].start, end = start + wanted[i].length;
		uintptr_t next = i + 1 < count ? wanted[i + 1].start : end + 1000;

		for (uintptr_t pc = start; pc < next && pc < end + 40; pc++)
			all &= right(pc, i);
		all &= right(next - 1, i) && right(end + (next - end) / 2, i);
	}
	CHECK(all);
	CHECK(made_restart(0) == 0);
	CHECK(made_restart(UINTPTR_MAX) == UINTPTR_MAX);
	if (count)
		CHECK(made_restart(wanted[0].start - 1) == wanted[0].start - 1);
}

static void prepare(void)
{
	CHECK(made_prepare());
	CHECK(in_order((struct sequence *)table, count));
	for (size_t i = 0; i < count; i++)
		CHECK(start_of((struct sequence *)&table[i]) == wanted[i].start &&
		      table[i].length == wanted[i].length);
	look_up_all();
}

static void none(void)
{
	make(0, 0, 0);
	prepare();
}

static void one(void)
{
	make(1, 9, 0);
	prepare();
}

static void two(void)
{
	make(2, 9, 0);
	reverse();
	prepare();
}

static void many(void)
{
	make(MOST, 300, 0);
	prepare();
}

static void dense(void)
{
	make(MOST, 0, 0);
	prepare();
}

static void clustered(void)
{
	make(MOST, 30, 100);
	prepare();
}

static void reversed(void)
{
	make(MOST, 300, 0);
	reverse();
	prepare();
}

static void shuffled(void)
{
	make(MOST, 30, 7);
	shuffle();
	prepare();
}

/* As of two modules, each in order. */
static void two_runs(void)
{
	make(1001, 30, 0);
	for (size_t i = 0; i < count; i++)
		write_entry(i, (i + 500) % count);
	prepare();
}

static void twice(void)
{
	make(100, 30, 0);
	shuffle();
	prepare();
	/* What it would not find out again. */
	shuffle();
	CHECK(made_prepare());
	CHECK(!in_order((struct sequence *)table, count));
}

static bool refused(void)
{
	return !made_prepare() &&
	       made_restart(wanted[count / 2].start) == wanted[count / 2].start &&
	       made_restart(wanted[count / 2].start + 1) == wanted[count / 2].start + 1;
}

static void duplicate(void)
{
	make(100, 30, 0);
	write_entry(20, 60);
	shuffle();
	CHECK(refused());
}

static void overlapping(void)
{
	make(100, 30, 0);
	table[50].length += (uint32_t)(wanted[51].start - wanted[50].start);
	shuffle();
	CHECK(refused());
}

static void not_collected(void)
{
	make(100, 30, 0);
	is_collected = false;
	CHECK(refused());
}

static void not_relocated(void)
{
	make(100, 30, 0);
	shuffle();
	table[30].start = 0;
	CHECK(refused());
}

/* As a user's is, whose END comes right behind its BEGIN. Only the library's own has no bytes. */
static void empty(void)
{
	make(100, 30, 0);
	table[30].length = 0;
	shuffle();
	CHECK(!refused());
	made_map.span = 0;
	make(100, 30, 0);
	table[30].length = table[31].length = 0;
	shuffle();
	CHECK(refused());
}

static void cut(void)
{
	make(100, 30, 0);
	bytes -= 4;
	CHECK(refused());
}

/* The table is as far below its code as it can be: each entry reaches its own by a hair. */
static void at_the_end_of_reach(void)
{
	make(100, 30, 0);
	for (size_t i = 0; i < count; i++) {
		wanted[i].start = (uintptr_t)&table[0] + INT32_MAX - 20 * (count - 1 - i);
		wanted[i].length = 20;
	}
	reverse();
	prepare();
}

static void discard_some(void)
{
	make(100, 30, 0);
	shuffle();
	made_discard((void *)wanted[10].start, (void *)wanted[12].start);
	CHECK(made_prepare());
	wanted[10].length = wanted[11].length = 0;
	look_up_all();
	made_discard((void *)wanted[40].start, (void *)(wanted[60].start + 1));
	for (size_t i = 40; i <= 60; i++)
		wanted[i].length = 0;
	look_up_all();
	made_discard(NULL, (void *)UINTPTR_MAX);
	for (size_t i = 0; i < count; i++)
		wanted[i].length = 0;
	look_up_all();
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"an empty table has no sequence", none},
		{"a table of one entry is looked up right", one},
		{"a table of two entries is sorted and looked up right", two},
		{"a table of many entries is looked up right", many},
		{"a table of sequences without gaps is looked up right", dense},
		{"a table of sequences in clusters is looked up right", clustered},
		{"C29 a table in reverse order is sorted", reversed},
		{"C29 a table in any order is sorted", shuffled},
		{"C29 a table of two sorted parts is sorted", two_runs},
		{"a table that is in use is not sorted again", twice},
		{"C29 a table that lists a sequence twice is refused", duplicate},
		{"C29 a table of sequences that overlap is refused", overlapping},
		{"C29 a table that is cut off is refused", cut},
		{"a table with a sequence of no bytes that is not the library's is refused", empty},
		{"C29 a table that lacks the library's own entry is refused", not_collected},
		{"C29 a table with an entry that was not relocated is refused", not_relocated},
		{"C29 a table at the end of its reach is sorted", at_the_end_of_reach},
		{"C35 sequences of code that is gone are looked up no more", discard_some},
	};

	UNIT_RUN(tests);
}

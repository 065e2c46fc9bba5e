/* SPDX-License-Identifier: MIT */
/*
 * Tables of restartable sequences that come and go, as those of modules. The kernel here has two
 * sequences, a thousand bytes apart; the modules' code is an array, and is never run. It fails if
 * percpu_restart finds a sequence that is not there, misses one that is, or if a call that is
 * refused leaves a trace.
 */
#include <percpu.h>
#include <pthread.h>
#include <string.h>

#include "common/unit.h"

#define SEQUENCE(label, length)                                                                    \
	".globl " label "\n" label ":\n\t.skip " length ", 0x90\n"                                 \
	".pushsection percpu_sequences." label ", \"awo?\", @progbits, " label "\n\t.balign 4\n\t" \
	".4byte " label " - ., " length "\n\t.popsection\n"

__asm__(".pushsection .text.sequences, \"ax\", @progbits\n\tnop\n" SEQUENCE(
	"kernel_1", "12") "\t.skip 1000, 0x90\n" SEQUENCE("kernel_2", "8") "\tnop\n.popsection");

extern char kernel_1[], kernel_2[];

enum { MODULES = 3, CODE = 400, ENTRIES = 8, LENGTH = 10, APART = 40 };

struct entry {
	int32_t start;
	uint32_t length;
};

static struct module {
	char code[CODE];
	struct entry table[ENTRIES];
	struct percpu_sequences sequences;
} modules[MODULES];

/* AT bytes from the start of the module's code: SIZE_MAX is the byte before it. */
static void point(struct module *m, size_t entry, size_t at)
{
	uintptr_t start = (uintptr_t)m->code + at;

	m->table[entry].start = (int32_t)(start - (uintptr_t)&m->table[entry]);
	m->table[entry].length = LENGTH;
}

/* Sequences of LENGTH bytes, APART bytes from each other; the last first. */
static void make(struct module *m)
{
	for (size_t i = 0; i < ENTRIES; i++)
		point(m, i, 20 + APART * (ENTRIES - 1 - i));
}

static int add(struct module *m)
{
	return percpu_sequences_add(&m->sequences, m->table, m->table + ENTRIES, m->code,
				    m->code + CODE);
}

/* Whether of all addresses around the module's code those in sequences are found, and no other. */
static bool found(const struct module *m, bool there)
{
	bool right = true;

	for (uintptr_t at = 0; at < CODE + 40; at++) {
		uintptr_t pc = (uintptr_t)m->code - 20 + at, start = 1, end = 2;
		bool inside = there && at >= 40 && at < CODE && at % APART < LENGTH;
		uintptr_t wanted = inside ? pc - at % APART : pc;

		if (at - 40 >= APART * ENTRIES)
			wanted = pc, inside = false;
		right &= percpu_restart(pc) == wanted;
		right &= percpu_in_sequence(pc, &start, &end) == inside;
		right &=
			inside ? start == wanted && end == wanted + LENGTH : start == 1 && end == 2;
	}
	return right;
}

static bool kernel_found(void)
{
	return percpu_restart((uintptr_t)kernel_1 + 5) == (uintptr_t)kernel_1 &&
	       percpu_restart((uintptr_t)kernel_2 + 7) == (uintptr_t)kernel_2 &&
	       percpu_restart((uintptr_t)kernel_2 - 1) == (uintptr_t)kernel_2 - 1;
}

static void begin(void)
{
	CHECK(percpu_init(1) == 0);
	for (size_t i = 0; i < MODULES; i++)
		make(&modules[i]);
}

static void one(void)
{
	begin();
	CHECK(found(&modules[0], false));
	CHECK(add(&modules[0]) == 0);
	CHECK(found(&modules[0], true));
	CHECK(kernel_found());
	CHECK(percpu_sequences_remove(&modules[0].sequences) == 0);
	CHECK(found(&modules[0], false));
	CHECK(add(&modules[0]) == 0);
	CHECK(found(&modules[0], true));
}

/* Each is taken out, by its place in the list, and put back. */
static void several(void)
{
	begin();
	for (size_t i = 0; i < MODULES; i++)
		CHECK(add(&modules[i]) == 0);
	for (size_t gone = 0; gone < MODULES; gone++) {
		CHECK(percpu_sequences_remove(&modules[gone].sequences) == 0);
		for (size_t i = 0; i < MODULES; i++)
			CHECK(found(&modules[i], i != gone));
		CHECK(add(&modules[gone]) == 0);
	}
	for (size_t i = 0; i < MODULES; i++) {
		CHECK(percpu_sequences_remove(&modules[i].sequences) == 0);
		CHECK(found(&modules[i], false));
	}
	CHECK(kernel_found());
}

static void without_sequences(void)
{
	struct module *m = &modules[0];

	begin();
	CHECK(percpu_sequences_add(&m->sequences, NULL, NULL, m->code, m->code + CODE) == 0);
	CHECK(found(m, false));
	CHECK(percpu_sequences_remove(&m->sequences) == 0);
	CHECK(percpu_sequences_add(&m->sequences, m->table, m->table, m->code, m->code + CODE) ==
	      0);
	CHECK(found(m, false));
}

/* With ERROR: and all is as before, modules[1] among it. */
static bool refused(int error, int wanted)
{
	static const struct percpu_sequences untouched;
	const char *now = (const char *)&modules[0].sequences, *then = (const char *)&untouched;
	bool same = true;

	for (size_t i = 0; i < sizeof(untouched); i++)
		same &= now[i] == then[i];
	return error == wanted && same && found(&modules[0], false) && found(&modules[1], true) &&
	       percpu_sequences_remove(&modules[0].sequences) == PERCPU_EINVAL;
}

static void bad_arguments(void)
{
	struct module *m = &modules[0];
	struct percpu_sequences *s = &m->sequences;
	char *end = m->code + CODE;

	begin();
	CHECK(add(&modules[1]) == 0);
	CHECK(refused(percpu_sequences_add(NULL, m->table, m->table + 1, m->code, end),
		      PERCPU_EINVAL));
	CHECK(refused(percpu_sequences_add(s, NULL, m->table + 1, m->code, end), PERCPU_EINVAL));
	CHECK(refused(percpu_sequences_add(s, m->table + 1, m->table, m->code, end),
		      PERCPU_EINVAL));
	CHECK(refused(percpu_sequences_add(s, m->table, m->table + 1, NULL, end), PERCPU_EINVAL));
	CHECK(refused(percpu_sequences_add(s, m->table, m->table + 1, m->code, m->code),
		      PERCPU_EINVAL));
	CHECK(refused(percpu_sequences_add(s, (char *)m->table + 2, m->table + 1, m->code, end),
		      PERCPU_EALIGN));
}

static void broken_tables(void)
{
	struct module *m = &modules[0];
	struct percpu_sequences *s = &m->sequences;

	begin();
	CHECK(add(&modules[1]) == 0);
	CHECK(refused(
		percpu_sequences_add(s, m->table, (char *)m->table + 12, m->code, m->code + CODE),
		PERCPU_EORDER));
	m->table[3].start = 0;
	CHECK(refused(add(m), PERCPU_EORDER));
	make(m);
	m->table[3].length = 0;
	CHECK(refused(add(m), PERCPU_EORDER));
	make(m);
	m->table[3].length = UINT32_MAX;
	CHECK(refused(add(m), PERCPU_EORDER));
	make(m);
	point(m, 3, SIZE_MAX);
	CHECK(refused(add(m), PERCPU_EORDER));
	make(m);
	point(m, 3, CODE - LENGTH + 1);
	CHECK(refused(add(m), PERCPU_EORDER));
	make(m);
	point(m, 3, 21);
	CHECK(refused(add(m), PERCPU_EORDER));
	make(m);
	point(m, 3, 20);
	CHECK(refused(add(m), PERCPU_EORDER));
	make(m);
	point(m, 3, CODE - LENGTH);
	CHECK(add(m) == 0);
	CHECK(percpu_restart((uintptr_t)m->code + CODE - 1) == (uintptr_t)m->code + CODE - LENGTH);
}

static void twice(void)
{
	struct module *m = &modules[1];

	begin();
	CHECK(add(m) == 0);
	CHECK(add(m) == PERCPU_EALREADY);
	CHECK(refused(percpu_sequences_add(&modules[0].sequences, m->table, m->table + 1, m->code,
					   m->code + 100),
		      PERCPU_EALREADY));
	CHECK(refused(percpu_sequences_add(&modules[0].sequences, m->table, m->table + 1,
					   m->code + CODE - 1, m->code + CODE + 5),
		      PERCPU_EALREADY));
	CHECK(refused(percpu_sequences_add(&modules[0].sequences, m->table, m->table, kernel_1 + 20,
					   kernel_1 + 40),
		      PERCPU_EALREADY));
}

static void removed_twice(void)
{
	begin();
	CHECK(percpu_sequences_remove(&modules[0].sequences) == PERCPU_EINVAL);
	CHECK(add(&modules[0]) == 0);
	CHECK(add(&modules[1]) == 0);
	CHECK(percpu_sequences_remove(NULL) == PERCPU_EINVAL);
	CHECK(percpu_sequences_remove(&modules[2].sequences) == PERCPU_EINVAL);
	CHECK(percpu_sequences_remove(&modules[0].sequences) == 0);
	CHECK(percpu_sequences_remove(&modules[0].sequences) == PERCPU_EINVAL);
	CHECK(found(&modules[0], false));
	CHECK(found(&modules[1], true));
}

/* A kernel that has no other of the library's further parts has these. */
static void worded(void)
{
	CHECK(strstr(percpu_strerror(PERCPU_EALREADY), "the sequences have been added before"));
	CHECK(strstr(percpu_strerror(PERCPU_EALIGN), "to 4 for a table of sequences"));
	CHECK(strstr(percpu_strerror(PERCPU_EORDER), "A module's"));
	CHECK(strstr(percpu_strerror(PERCPU_EINVAL), "nothing that was given or added"));
}

/* ---- Other CPUs' trap entries, while modules come and go ---- */

static int stop;

/* modules[1] stays; of modules[0] and [2] each address is in its sequence, or in none. */
static void *look(void *wrong)
{
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		for (size_t i = 0; i < MODULES; i++) {
			uintptr_t pc = (uintptr_t)modules[i].code + 20 + APART + 5;
			uintptr_t at = percpu_restart(pc);

			if (at != pc - 5 && (i == 1 || at != pc))
				*(bool *)wrong = true;
		}
	}
	return NULL;
}

static void at_once(void)
{
	pthread_t threads[2];
	bool wrong[2] = {false};

	begin();
	CHECK(add(&modules[1]) == 0);
	for (size_t i = 0; i < 2; i++)
		CHECK(pthread_create(&threads[i], NULL, look, &wrong[i]) == 0);
	for (size_t round = 0; round < 20000; round++) {
		CHECK(add(&modules[2 * (round % 2)]) == 0);
		CHECK(percpu_sequences_remove(&modules[2 * (round % 2)].sequences) == 0);
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	for (size_t i = 0; i < 2; i++) {
		CHECK(pthread_join(threads[i], NULL) == 0);
		CHECK(!wrong[i]);
	}
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"the sequences of a module are found while they are added, in any order", one},
		{"each of several modules can be removed, and added again", several},
		{"a module without sequences can be added", without_sequences},
		{"what cannot be a table is refused, and nothing changes", bad_arguments},
		{"a table that is broken is refused, and nothing changes", broken_tables},
		{"what is there already, or where there is code of others, is refused", twice},
		{"what has not been added cannot be removed", removed_twice},
		{"each error has a sentence that is true of a module's table", worded},
		{"other CPUs look up while modules come and go", at_once},
	};

	UNIT_RUN(tests);
}

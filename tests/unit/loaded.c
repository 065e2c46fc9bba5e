/* SPDX-License-Identifier: MIT */
/*
 * C31: the initial values are not in memory, for the kernel cleared them, or nothing loaded them.
 * It fails if areas are made of what is there instead, if a call that is refused changes something,
 * or if the sentence does not name both causes.
 */
#include <percpu.h>

#include <lib/internal.h>
#include <string.h>

#include "common/unit.h"

PERCPU_DEFINE(uint64_t, value) = 7;

/* More than an area takes. */
static char memory[8192] __attribute__((aligned(4096)));

static void refused(void)
{
	_percpu_mark = 0;
	CHECK(percpu_init(1) == PERCPU_ENOTLOADED);
	CHECK(percpu_early_init() == PERCPU_ENOTLOADED);
	CHECK(percpu_init_at(memory, sizeof(memory), 1) == PERCPU_ENOTLOADED);
}

static void nothing_changed(void)
{
	refused();
	CHECK(percpu_area_num() == 0);
	CHECK(percpu_set_local_thread_pointer(0) == PERCPU_ENOTREADY);
	for (size_t i = 0; i < sizeof(memory); i++)
		CHECK(memory[i] == 0);
	for (char *p = _percpu_start; p < _percpu_end; p++)
		CHECK(*p == 0);
	_percpu_mark = PERCPU_MARK;
	CHECK(percpu_init(1) == 0);
	CHECK(percpu_set_local_thread_pointer(0) == 0);
	CHECK(percpu_read(value) == 7);
}

/* Cleared between the two. */
static void after_early(void)
{
	CHECK(percpu_early_init() == 0);
	percpu_write(value, 8);
	_percpu_mark = 0;
	CHECK(percpu_init(1) == PERCPU_ENOTLOADED);
	CHECK(percpu_init_at(memory, sizeof(memory), 1) == PERCPU_ENOTLOADED);
	CHECK(percpu_read(value) == 8);
}

static void last(void)
{
	const char *mark = (const char *)&_percpu_mark;

	CHECK(mark >= _percpu_load_end && mark < _percpu_start);
	CHECK(mark >= _percpu_sequences_end);
}

static void sentence(void)
{
	const char *words = percpu_strerror(PERCPU_ENOTLOADED);

	CHECK(strstr(words, "start of .bss, or .sbss"));
	CHECK(strstr(words, "_percpu_data_end"));
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"C31 without its initial values no area is made", refused},
		{"C31 a call refused for it has changed nothing", nothing_changed},
		{"C31 what is cleared after percpu_early_init is seen by percpu_init", after_early},
		{"C31 the mark is behind all that has to be loaded", last},
		{"C31 the sentence names what clears and what does not load", sentence},
	};

	UNIT_RUN(tests);
}

/* SPDX-License-Identifier: MIT */
/*
 * The guards of stacks. It fails if a byte written anywhere in one is not found, if one that nobody
 * has written is, or if the sentence names another stack or another depth.
 */
#include <string.h>
#include <sys/mman.h>

#include <kernels/common/print.h>

#include "common/unit.h"

/* Other memory lies between the stacks, as in kernels/preempt. */
static struct {
	char stack[BOOT_STACK_SIZE] __attribute__((aligned(16)));
	size_t other;
} some[3];

static bool says(const char *text)
{
	struct line line = {.length = 0};

	if (!stacks_overflowed(&line))
		return false;
	line.text[line.length] = '\0';
	return strstr(line.text, text);
}

static void guard(void)
{
	memset(some, 0, sizeof(some));
	stacks_guard(BOOT_STACKS, boot_stacks, BOOT_STACK_SIZE, 2);
	stacks_guard("stack of thread", some[0].stack, sizeof(some[0]), 3);
}

static void every_word(void)
{
	guard();
	CHECK(!stacks_overflowed(NULL) && !stacks_depth_of_cpu_0());
	for (size_t i = 0; i < STACK_GUARD; i += 61) {
		char was = some[1].stack[i];

		some[1].stack[i] = (char)~was;
		CHECK(says("the stack of thread 1 has overflowed: "));
		some[1].stack[i] = was;
		CHECK(!stacks_overflowed(NULL));
	}
}

static void what_is_below_and_above(void)
{
	guard();
	some[0].other = some[1].other = 1;
	memset(some[1].stack + STACK_GUARD, 1, BOOT_STACK_SIZE - STACK_GUARD);
	memset(boot_stacks[0] + STACK_GUARD, 1, BOOT_STACK_SIZE - STACK_GUARD);
	CHECK(!stacks_overflowed(NULL) && !stacks_depth_of_cpu_0());
}

static void depth(void)
{
	guard();
	memset(some[2].stack + STACK_GUARD - 24, 1, 24);
	CHECK(says("stack of thread 2 has overflowed: it was written to 24 bytes below its end"));
	/* The guard of a stack that is looked at already stays as it is. */
	stacks_guard("stack of thread", some[0].stack, sizeof(some[0]), 3);
	some[2].stack[0] = 1;
	CHECK(says("stack of thread 2 has overflowed: it was written to at least 4096 bytes"));
}

static void more(void)
{
	guard();
	stacks_guard(BOOT_STACKS, boot_stacks, BOOT_STACK_SIZE, MAX_CPUS);
	CHECK(!stacks_overflowed(NULL));
	boot_stacks[MAX_CPUS - 1][100] = 0;
	CHECK(says("boot stack of cpu 63 has overflowed"));
}

static char *said; /* by a process that ends */

static void report(void)
{
	host_capture(said, 1000);
	guard();
	boot_stacks[0][STACK_GUARD - 1] = 0;
	tap_plan(2);
	tap_ok(true, "this is reported");
	tap_ok(true, "and this is not");
	tap_end();
}

static void end(void)
{
	host_capture(said, 1000);
	guard();
	tap_plan(1);
	tap_ok(true, "all is reported");
	boot_stacks[1][0] = 0;
	tap_end();
}

static void runs_end(void)
{
	said = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(unit_fork(report) != 0);
	CHECK(strstr(said, "\nBail out! the boot stack of cpu 0 has overflowed: "));
	CHECK(strstr(said, "this is reported") && !strstr(said, "and this is not"));
	CHECK(strstr(said, "\n# then: what is reported cannot be trusted\n"));
	CHECK(unit_fork(end) != 0);
	CHECK(strstr(said,
		     "all is reported\n\nBail out! the boot stack of cpu 1 has overflowed: "));
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"C63 a byte written anywhere in a guard is found", every_word},
		{"C63 what is written to a stack, and between stacks, is none",
		 what_is_below_and_above},
		{"C63 the sentence says which stack, and how far it went", depth},
		{"C63 stacks are added to those that are looked at", more},
		{"C63 a result, and the end of a run, say that a stack has overflowed", runs_end},
	};

	UNIT_RUN(tests);
}

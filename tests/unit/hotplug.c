/* SPDX-License-Identifier: MIT */
/*
 * CPUs that come and go, one step at a time. It fails if a call is taken in a state that it is not
 * for, or by a CPU that may not make it; if a call that is refused changes anything; if
 * constructors run in another order than that of level and name, are not undone in reverse, or more
 * or less than once, also when one of them fails; or if what is in an area does not outlive its
 * CPU's absence.
 */
#include <percpu.h>

#include <stdio.h>
#include <string.h>

#include "common/unit.h"

enum { NCPU = 4 };

static PERCPU_DEFINE(uint64_t, count) = 3;

/* What constructors did, as letters: capitals where one is undone. */
static char done[64];
/* The letter of the one that fails; what a constructor tries while CPUs are on their way. */
static char failing;
static void (*within)(size_t cpu);

static int note(char letter, size_t cpu)
{
	size_t length = strlen(done);

	CHECK(percpu_cpu_id() == cpu && length + 1 < sizeof(done));
	done[length] = letter;
	if (within)
		within(cpu);
	return letter == failing ? -77 : 0;
}

#define LETTER(lower, upper)                                                                       \
	static int up_##lower(size_t cpu)                                                          \
	{                                                                                          \
		return note(#lower[0], cpu);                                                       \
	}                                                                                          \
	static void down_##lower(size_t cpu)                                                       \
	{                                                                                          \
		note(#upper[0], cpu);                                                              \
	}
LETTER(a, A)
LETTER(b, B)
LETTER(c, C)
LETTER(d, D)

/* In no order: that is the linker's, by level, then name. */
PERCPU_CONSTRUCT(50, later, up_c, down_c);
PERCPU_CONSTRUCT(07, first, up_a, down_a);
PERCPU_CONSTRUCT(99, last, up_d, down_d);
PERCPU_CONSTRUCT(50, earlier, up_b, down_b);

static bool did(const char *letters)
{
	bool same = !strcmp(done, letters);

	if (!same)
		printf("# constructors: %s, not %s\n", done, letters);
	memset(done, 0, sizeof(done));
	return same;
}

/* Of each CPU: absent, down, up, dying. */
static bool states(const char *expected)
{
	char now[NCPU + 1] = "";

	for (size_t cpu = 0; cpu < NCPU; cpu++)
		now[cpu] = "aduy"[percpu_cpu_state(cpu)];
	return !strcmp(now, expected);
}

static void begin(void)
{
	CHECK(percpu_init(NCPU) == 0 && percpu_cpu_up(0) == 0);
	CHECK(did("abcd") && states("uaaa"));
}

static void come_and_go_2(void)
{
	CHECK(percpu_cpu_up(2) == 0 && percpu_cpu_id() == 2 && states("uaua") && did("abcd"));
	percpu_add(count, 5);
	CHECK(percpu_cpu_down(2) == 0 && states("uaya") && did("DCBA"));
	CHECK(percpu_cpu_id() == 2 && percpu_cpu_dead(2) == PERCPU_ESTATE);
}

static void rounds(void)
{
	begin();
	for (uint64_t round = 1; round <= 100; round++) {
		unit_on_another(come_and_go_2);
		CHECK(percpu_read_on(count, 2) == 3 + 5 * round);
		CHECK(percpu_cpu_dead(2) == 0 && states("uada"));
		CHECK(percpu_sum(count) == 3 * NCPU + 5 * round);
	}
}

/* ---- Wrong calls ---- */

static void as_3_refused(void)
{
	uintptr_t register_ = percpu_arch_get_register();

	CHECK(percpu_cpu_up(3) == PERCPU_ESTATE && percpu_arch_get_register() == register_);
}

/* On a CPU that is not this one. */
static void not_2(void)
{
	CHECK(percpu_cpu_up(2) == PERCPU_ESTATE && percpu_arch_get_register() == 0);
	CHECK(percpu_cpu_down(2) == PERCPU_ESTATE && percpu_cpu_down(0) == PERCPU_ESTATE);
}

static void up_2_and_wrong(void)
{
	CHECK(percpu_cpu_up(2) == 0 && did("abcd"));
	CHECK(percpu_cpu_up(2) == PERCPU_ESTATE && percpu_cpu_id() == 2);
	unit_on_another(not_2);
	as_3_refused();
	CHECK(percpu_cpu_dead(2) == PERCPU_ESTATE && percpu_cpu_dead(0) == PERCPU_ESTATE);
	CHECK(percpu_cpu_down(3) == PERCPU_ESTATE && states("uaua"));
	CHECK(percpu_cpu_down(2) == 0 && did("DCBA"));
	/* It is about to stop, and comes back as nobody. */
	CHECK(percpu_cpu_down(2) == PERCPU_ESTATE && percpu_cpu_up(2) == PERCPU_ESTATE);
	as_3_refused();
	unit_on_another(not_2);
	CHECK(states("uaya") && did(""));
}

static void wrong_states(void)
{
	CHECK(percpu_cpu_up(0) == PERCPU_ENOTREADY && percpu_cpu_down(0) == PERCPU_ENOTREADY);
	CHECK(percpu_cpu_dead(0) == PERCPU_ENOTREADY && percpu_cpu_state(0) == PERCPU_ENOTREADY);
	begin();
	for (size_t cpu = NCPU; cpu > 0; cpu = cpu == NCPU ? SIZE_MAX : 0) {
		CHECK(percpu_cpu_up(cpu) == PERCPU_EINVAL && percpu_cpu_down(cpu) == PERCPU_EINVAL);
		CHECK(percpu_cpu_dead(cpu) == PERCPU_EINVAL);
		CHECK(percpu_cpu_state(cpu) == PERCPU_EINVAL);
	}
	CHECK(percpu_cpu_up(0) == PERCPU_ESTATE && percpu_cpu_dead(0) == PERCPU_ESTATE);
	CHECK(percpu_cpu_dead(1) == PERCPU_ESTATE && percpu_cpu_down(1) == PERCPU_ESTATE);
	as_3_refused();
	unit_on_another(up_2_and_wrong);
	CHECK(percpu_cpu_dead(2) == 0 && percpu_cpu_dead(2) == PERCPU_ESTATE);
	CHECK(states("uada") && did("") && percpu_cpu_id() == 0);
}

/* As Linux's cpu_up would be called: on a CPU that is bound, and has not come up itself. */
static void as_others_by_0(void)
{
	CHECK(percpu_init(NCPU) == 0 && percpu_set_local_thread_pointer(0) == 0);
	for (size_t cpu = 1; cpu < NCPU; cpu++)
		CHECK(percpu_cpu_up(cpu) == PERCPU_ESTATE && percpu_cpu_id() == 0);
	CHECK(states("aaaa") && did("") && percpu_cpu_up(0) == 0 && did("abcd"));
	unit_on_another(come_and_go_2);
}

/* What is left in the register of a CPU that has gone keeps nobody from another number. */
static void as_3_after_2(void)
{
	percpu_arch_set_register(PERCPU_ARCH_REGISTER(percpu_area_base(2), PERCPU__TEMPLATE));
	CHECK(percpu_cpu_up(3) == 0 && percpu_cpu_id() == 3 && did("abcd"));
}

static void left_over(void)
{
	begin();
	unit_on_another(come_and_go_2);
	CHECK(percpu_cpu_dead(2) == 0);
	unit_on_another(as_3_after_2);
	CHECK(states("uadu"));
}

/* What a constructor, or its undoing, of CPU 2 may try. */
static void meddle(size_t cpu)
{
	within = NULL;
	CHECK(percpu_cpu_up(cpu) == PERCPU_ESTATE && percpu_cpu_down(cpu) == PERCPU_ESTATE);
	CHECK(percpu_cpu_dead(cpu) == PERCPU_ESTATE);
	/* Nobody is to give work to a CPU that is not up yet, or on its way down. */
	CHECK(percpu_cpu_state(cpu) == (strchr(done, 'D') ? PERCPU_CPU_DYING : PERCPU_CPU_ABSENT));
	unit_on_another(not_2);
	as_3_refused();
	CHECK(percpu_cpu_id() == cpu);
	within = meddle;
}

static void come_meddling(void)
{
	within = meddle;
	CHECK(percpu_cpu_up(2) == 0 && percpu_cpu_down(2) == 0);
	within = NULL;
	CHECK(did("abcdDCBA") && states("uaya"));
}

static void on_the_way(void)
{
	begin();
	unit_on_another(come_meddling);
	CHECK(percpu_cpu_dead(2) == 0 && states("uada"));
}

/* ---- One that fails ---- */

static void fail_each(void)
{
	static const char *const undone[] = {"a", "abA", "abcBA", "abcdCBA"};

	for (size_t i = 0; i < 4; i++) {
		failing = "abcd"[i];
		CHECK(percpu_cpu_up(2) == -77 && did(undone[i]));
		CHECK(percpu_arch_get_register() == 0);
	}
	failing = 0;
}

static void others_fail(void)
{
	fail_each();
	CHECK(states("uaaa"));
	/* Bound as what it was to be: it stays so. */
	CHECK(percpu_set_local_thread_pointer(2) == 0);
	failing = 'c';
	CHECK(percpu_cpu_up(2) == -77 && did("abcBA") && percpu_cpu_id() == 2);
	failing = 0;
	CHECK(percpu_cpu_up(2) == 0 && percpu_cpu_down(2) == 0 && did("abcdDCBA"));
}

/* Whoever failed as CPU 2 has nothing of it: PERCPU_DEBUG would tell. */
static void fail_then_other(void)
{
	fail_each();
	CHECK(states("uada"));
}

static void one_fails(void)
{
	begin();
	unit_on_another(others_fail);
	CHECK(percpu_cpu_dead(2) == 0);
	unit_on_another(fail_then_other);
	unit_on_another(come_and_go_2);
	CHECK(percpu_cpu_dead(2) == 0 && states("uada"));
}

static void only_up(void)
{
	size_t seen = 0;

	begin();
	percpu_for_each_up (cpu)
		seen |= (size_t)1 << cpu;
	CHECK(seen == 1);
	unit_on_another(come_and_go_2);
	seen = 0;
	percpu_for_each_up (cpu)
		seen |= (size_t)1 << cpu;
	CHECK(seen == 1);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"constructors run by level, then name, and are undone in reverse", begin},
		{"what is in an area outlives a hundred absences of its CPU", rounds},
		{"a call that the state is not for is refused, and changes nothing", wrong_states},
		{"so is one while the CPU is on its way up or down", on_the_way},
		{"a CPU that is bound does not come up as another", as_others_by_0},
		{"what a CPU that is down left in the register does not count", left_over},
		{"if a constructor fails, those before are undone once, and all is as before",
		 one_fails},
		{"percpu_for_each_up leaves out who has not come, or has gone", only_up},
	};

	UNIT_RUN(tests);
}

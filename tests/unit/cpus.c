/* SPDX-License-Identifier: MIT */
/*
 * kernels/common/cpus.c on lists that no machine of ours has, and with CPUs that are refused, come
 * late or never, or do not stop. It fails if a CPU is started twice, if the boot CPU is not CPU 0,
 * if there is more than fits, or if a CPU runs that was given up.
 */
#include "common/unit.h"

/* A clock of the test's, that goes on when CPU 0 pauses: nothing waits, and no load is seen. */
static uint64_t clock_now(void);
static void pause_some(void);
#define board_microseconds clock_now
#define arch_pause pause_some
#include <kernels/common/cpus.c>
#undef board_microseconds
#undef arch_pause

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

static uint64_t firmware[8 * MAX_CPUS];
static size_t firmware_count;
static char said[1000];

size_t board_find_cpus(uint64_t *hwids, size_t max)
{
	for (size_t i = 0; i < firmware_count && i < max; i++)
		hwids[i] = firmware[i];
	return firmware_count;
}

/* The firmware's list is FIRST, FIRST + 1 and so on, each TIMES times on end. */
static void list(uint64_t first, size_t cpus_listed, size_t times)
{
	for (size_t i = 0; i < cpus_listed * times; i++)
		firmware[firmware_count++] = first + i / times;
}

static void find(uint64_t boot_hwid)
{
	host_capture(said, sizeof(said));
	cpus_find(boot_hwid);
	host_capture(NULL, 0);
}

static void boot_cpu_first(void)
{
	list(10, 4, 1);
	find(12);
	CHECK(cpu_count == 4 && !said[0]);
	CHECK(cpus[0].hwid == 12 && cpus[0].state == CPU_ONLINE);
	CHECK(cpus[1].hwid == 10 && cpus[2].hwid == 11 && cpus[3].hwid == 13);
}

static void repeated(void)
{
	list(10, 2, 2);
	list(10, 3, 1);
	find(10);
	CHECK(cpu_count == 3);
	CHECK(cpus[0].hwid == 10 && cpus[1].hwid == 11 && cpus[2].hwid == 12);
	CHECK(strstr(said, "a CPU again, 4 times, ") && strstr(said, "thread 11 "));
}

static void all_twice(void)
{
	list(0, MAX_CPUS, 2);
	find(0);
	CHECK(cpu_count == MAX_CPUS);
	for (size_t cpu = 0; cpu < MAX_CPUS; cpu++)
		CHECK(cpus[cpu].hwid == cpu);
	CHECK(!strstr(said, "left out"));
}

static void too_many(void)
{
	list(0, MAX_CPUS + 1, 1);
	find(MAX_CPUS);
	CHECK(cpu_count == MAX_CPUS);
	CHECK(cpus[0].hwid == MAX_CPUS && cpus[MAX_CPUS - 1].hwid == MAX_CPUS - 2);
	CHECK(strstr(said, "more than the 64 CPUs"));
}

/* The boot CPU is behind what is looked at. */
static void far_too_many(void)
{
	list(0, 8 * MAX_CPUS, 1);
	find(8 * MAX_CPUS - 1);
	CHECK(cpu_count == MAX_CPUS && cpus[0].hwid == 8 * MAX_CPUS - 1);
	CHECK(strstr(said, "more than the 64 CPUs"));
}

static void find_unlisted(void)
{
	find(9);
	_Exit(0);
}

static void not_listed(void)
{
	CHECK(unit_fork(find_unlisted) != 0);
	list(10, 2, 1);
	CHECK(unit_fork(find_unlisted) != 0);
}

/* ---- Starting: CPU 1 comes, 2 is refused, 3 never comes, 4 at the second try ---- */

static jmp_buf halted;
static size_t ran[MAX_CPUS];

/* The next of those that come late, each in less than CPU 0's patience, all together in far more.
 */
static size_t late;
static uint64_t microseconds;

void arch_halt(void)
{
	longjmp(halted, 1);
}

static void come(size_t cpu)
{
	if (!setjmp(halted))
		secondary_entry(cpu, 0);
}

static void run(size_t cpu)
{
	ran[cpu]++;
}

static uint64_t clock_now(void)
{
	return microseconds;
}

static void pause_some(void)
{
	microseconds += late ? WAIT_MICROSECONDS * 9 / 10 : WAIT_MICROSECONDS / 1000;
	if (late && late < cpu_count - 1)
		come(late++);
}

const char *arch_start_init(void)
{
	return NULL;
}

/* CPUs that have stopped are started once more. */
static bool again;

void arch_start_cpus(size_t first, size_t end)
{
	if (late)
		return;
	if (again) {
		for (size_t cpu = first; cpu < end; cpu++)
			if (cpu != 3 && !cpus[cpu].error)
				come(cpu);
		return;
	}
	CHECK(first == 1 && end == 5);
	come(1);
	cpus[2].error = "refused";
}

void arch_retry_cpu(size_t cpu)
{
	CHECK(cpu == 3 || cpu == 4 || cpu == cpu_count - 1);
	if (cpu == 4)
		come(4);
}

static void some_come(void)
{
	list(0, 5, 1);
	find(0);
	CHECK(cpus_start(run) == 3);
	CHECK(ran[1] == 1 && ran[2] == 0 && ran[3] == 0 && ran[4] == 1);
	CHECK(!cpus[1].error && !cpus[4].error);
	CHECK(!strcmp(cpus[2].error, "refused"));
	CHECK(strstr(cpus[3].error, "did not answer"));
	/* Too late. */
	come(3);
	come(2);
	CHECK(ran[3] == 0 && ran[2] == 0 && cpus[3].state == CPU_GIVEN_UP);
}

static void all_come_late(void)
{
	list(0, MAX_CPUS, 1);
	find(0);
	late = 1;
	CHECK(cpus_start(run) == MAX_CPUS - 1);
	for (size_t cpu = 1; cpu < MAX_CPUS - 1; cpu++)
		CHECK(ran[cpu] == 1 && !cpus[cpu].error);
	/* But not this one. */
	CHECK(strstr(cpus[MAX_CPUS - 1].error, "did not answer"));
}

/* ---- Stopping: CPU 1 at once, 2 when asked for the third time, 3 by an error, 4 never ---- */

static size_t asked[MAX_CPUS];

bool arch_cpu_has_stopped(size_t cpu)
{
	asked[cpu]++;
	if (cpu == 3)
		cpus[cpu].error = "unknown to the firmware";
	return cpu == 1 || (cpu == 2 && asked[cpu] > 2);
}

void arch_stop_self(size_t cpu)
{
	(void)cpu;
	_Exit(0);
}

static void some_stop(void)
{
	list(0, 5, 1);
	find(0);
	for (size_t cpu = 1; cpu < 5; cpu++)
		cpus[cpu].state = CPU_ONLINE;
	CHECK(cpus_wait_stopped(1, 3) && asked[1] == 1 && asked[2] > 2);
	CHECK(!cpus_wait_stopped(1, 5));
	CHECK(!cpus[1].error && !cpus[2].error && cpus[1].state == CPU_STOPPED);
	CHECK(!strcmp(cpus[3].error, "unknown to the firmware") && cpus[3].state != CPU_STOPPED);
	CHECK(strstr(cpus[4].error, "was to stop itself but runs"));
}

static void come_again(void)
{
	list(0, 5, 1);
	find(0);
	again = true;
	start_function = run;
	cpus[4].error = "was to stop itself but runs";
	CHECK(cpus_start_again(1, 5) == 2);
	CHECK(cpus_start_again(1, 3) == 2);
	CHECK(ran[1] == 2 && ran[2] == 2 && ran[3] == 0 && ran[4] == 0);
	CHECK(strstr(cpus[3].error, "did not answer") && strstr(cpus[4].error, "runs"));
}

static void stop_1(void)
{
	cpus_stop_self(1);
}

static void stop_0(void)
{
	host_capture(said, sizeof(said));
	cpus_stop_self(0);
}

static void boot_cpu_stays(void)
{
	CHECK(unit_fork(stop_1) == 0);
	CHECK(unit_fork(stop_0) != 0);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"the boot CPU is CPU 0, the others keep their order", boot_cpu_first},
		{"a CPU that is listed again is one CPU, and the list's fault is named", repeated},
		{"a list of every CPU twice has room", all_twice},
		{"more CPUs than fit are left out, but not the boot CPU, and that is said",
		 too_many},
		{"a list of any length is looked at up to a bound", far_too_many},
		{"a boot CPU that is not listed ends the run", not_listed},
		{"C15 a CPU that was given up does not run when it comes, and the rest go on",
		 some_come},
		{"a CPU that does not stop is named, and the others have stopped", some_stop},
		{"CPUs that have stopped run again, but for one that does not come or never "
		 "stopped",
		 come_again},
		{"CPU 0 does not stop itself", boot_cpu_stays},
		{"C65 as long as CPUs come the others are waited for", all_come_late},
	};

	UNIT_RUN(tests);
}

/* SPDX-License-Identifier: 0BSD */
/*
 * usermode: per-CPU variables in a kernel that has user mode. On every CPU at the same time, user
 * code overwrites each register that it can write, makes system calls, and looks at what it finds
 * in its registers then; a timer interrupts it at random, and the kernel inside a system call as
 * well, and there are traps inside the handlers of these (traps.c). In user mode the per-CPU
 * register, or what takes its place there (gp or tp; TPIDR_EL0; the GS base), holds the value of
 * another CPU, or anything.
 *
 * It fails if a handler works with another CPU's variables: what each CPU's copies count must be
 * what this CPU has counted in plain memory, which it finds by another number of its own. It fails
 * if user code finds anything but what it wrote; and if what user code may not do, such as reading
 * the kernel's memory, is no fault, or the kernel does not go on after it. Without interrupts at
 * all these places it would show nothing: each CPU goes on until there were enough, or none of what
 * is missing has come for two minutes, and the lines say how many. With trust=1 and trust=2 the
 * handlers use the register as user code has left it, and the kernel must fail.
 *
 * With tables=1 user mode has a page table of its own, with neither the kernel nor the areas, and
 * all this must hold as well (tables.c); with tables=2 it must end by a fault in the entry.
 *
 * Options: seed=NUMBER, for what user code writes; enough=NUMBER of interrupts at each of these
 * places, 100 if not given; trust=1 or 2; tables=1 or 2; on x86_64 fsgsbase=0 or 1, whether user
 * code has WRGSBASE, which is as the CPU has it if not given.
 */
#include "usermode.h"

#include <percpu.h>

/* How many interrupts each CPU must have had, in user mode and in system calls: enough=. */
static uint64_t wanted = 100;

static uint64_t secret = 0x5ec3e7; /* of the kernel */

/* What user code may not do; where, if it is a matter of the address. */
static const struct {
	const char *what;
	const char *program;
	const void *address;
} forbidden[] = {
	{"read the kernel's memory", user_read, &secret},
	{"write the kernel's memory", user_write, &secret},
	{"execute the kernel's code", user_execute, (const void *)kernel_main},
	{"execute a privileged instruction", user_privileged, NULL},
};
#define FORBIDDEN (sizeof(forbidden) / sizeof(forbidden[0]))

static struct user_fault faults[MAX_CPUS][FORBIDDEN];

/* Each CPU's sum of what user code said, and how often it ran. */
static uint64_t wrong[MAX_CPUS], runs[MAX_CPUS];

/*
 * How often it ran on all of them: as long as that grows nobody hangs. On a busy host one of many
 * CPUs may have nothing for a minute, for QEMU has one lock for all their timers.
 */
static size_t all_runs;
#define PATIENCE (12 * WAIT_MICROSECONDS)

static size_t done[MAX_CPUS];

static uint64_t missing(const struct seen *me)
{
	uint64_t in_user = me->events[TIMER_IN_USER], in_call = me->events[TIMER_IN_CALL];

	return (in_user < wanted ? wanted - in_user : 0) +
	       (in_call < wanted ? wanted - in_call : 0);
}

/* What user code is to have in the place of the per-CPU register: the next CPU's, or anything. */
static uint64_t other_value(size_t cpu)
{
	size_t other = cpu + 1 < cpu_count ? cpu + 1 : 0;
	uint64_t random = next_random(&seen[cpu]);

	if (trust == 1 || (!trust && random % 2))
		return seen[cpu].register_value + (uintptr_t)percpu_area_base(other) -
		       (uintptr_t)percpu_area_base(cpu);
	return random;
}

static void prepare(size_t cpu)
{
	const char *error = arch_interrupts_init(cpu);
	uint64_t seed = 0;

	if (!error)
		error = arch_user_init(cpu);
	if (error)
		tap_bail_out("cpu %zu (%s %lu): user mode: %s", cpu, board_hwid_name,
			     cpus[cpu].hwid, error);
	(void)option("seed", &seed);
	seen[cpu].random = seed + cpu;
	seen[cpu].register_value = percpu_arch_get_register();
}

static void run_rounds(size_t cpu)
{
	struct seen *me = &seen[cpu];
	uint64_t until = 0, before = 0, left;

	do {
		user_run(cpu, user_rounds, next_random(me), other_value(cpu));
		wrong[cpu] += !me->exited || me->status;
		runs[cpu]++;
		__atomic_fetch_add(&all_runs, 1, __ATOMIC_RELAXED);
		left = missing(me);
		if (!until || left != before)
			until = board_microseconds() + PATIENCE;
		before = left;
	} while (left && board_microseconds() < until);
}

/* Interrupts are on in user mode and in system calls only. */
static void run(size_t cpu)
{
	struct seen *me = &seen[cpu];

	if (cpu)
		prepare(cpu);
	timer_set_random(me);
	run_rounds(cpu);
	for (size_t i = 0; i < FORBIDDEN; i++) {
		user_run(cpu, forbidden[i].program, (uintptr_t)forbidden[i].address,
			 other_value(cpu));
		if (!me->exited)
			faults[cpu][i] = me->fault;
	}
	/* The release pairs with the acquire in wait_for: all that it has counted is there. */
	__atomic_store_n(&done[cpu], 1, __ATOMIC_RELEASE);
}

static void report_cpu(size_t cpu)
{
	const uint64_t *events = seen[cpu].events;

	if (cpus[cpu].error) {
		tap_ok(false, "cpu %zu (%s %lu) does not run: %s (%ld)", cpu, board_hwid_name,
		       cpus[cpu].hwid, cpus[cpu].error, cpus[cpu].error_code);
		tap_ok(false, "cpu %zu has counted nothing", cpu);
		return;
	}
	tap_ok(!wrong[cpu], "cpu %zu: user code finds in every register what it wrote, %lu times",
	       cpu, runs[cpu] * USER_ROUNDS);
	tap_ok(traps_counted(cpu),
	       "cpu %zu: its variables have counted what it has seen: %lu calls, %lu interrupts in "
	       "user mode, %lu in calls, %lu traps inside these, %lu faults",
	       cpu, events[CALL], events[TIMER_IN_USER], events[TIMER_IN_CALL], events[NESTED],
	       events[FAULT]);
}

static void report_forbidden(size_t i)
{
	uintptr_t address = (uintptr_t)forbidden[i].address;
	bool right = secret == 0x5ec3e7;

	for (size_t cpu = 0; cpu < cpu_count; cpu++) {
		const struct user_fault *fault = &faults[cpu][i];

		if (!cpus[cpu].error)
			right = right && fault->name && fault->access == (address != 0) &&
				fault->address == address;
	}
	tap_ok(right, "user code cannot %s: %s (address %lx)", forbidden[i].what,
	       faults[0][i].name ? faults[0][i].name : "no fault", faults[0][i].address);
}

void kernel_main(void)
{
	cpus_make_areas();
	(void)option("trust", &trust);
	traps_init();
	(void)option("enough", &wanted);
	prepare(0);
	tables_init();
	tap_plan(2 * cpu_count + FORBIDDEN + (tables_are_two() ? 1 + cpu_count : 0));
	cpus_start(run);
	run(0);
	for (size_t cpu = 0; cpu < cpu_count; cpu++) {
		if (!cpus[cpu].error && !wait_while(&done[cpu], 1, &all_runs, PATIENCE))
			tap_bail_out("cpu %zu has not come to its end: see where it is with QEMU's "
				     "-d int",
				     cpu);
		report_cpu(cpu);
	}
	for (size_t i = 0; i < FORBIDDEN; i++)
		report_forbidden(i);
	if (tables_are_two())
		tables_report();
}

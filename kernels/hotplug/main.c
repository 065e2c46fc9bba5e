/* SPDX-License-Identifier: 0BSD */
/*
 * hotplug: CPUs go and come again, a hundred rounds of it, and per-CPU variables lose nothing.
 *
 * In each round some CPUs, one or several at once, undo their constructors (percpu_cpu_down), stop
 * (arch_stop_self), are confirmed by the firmware to have stopped (arch_cpu_has_stopped) and given
 * up by the library (percpu_cpu_dead), are started again, and come up (percpu_cpu_up). All others
 * go on counting meanwhile, allocating and freeing (work.c). Twice in a round, when CPUs are down
 * and when they are up again, all pause, and every sum over all CPUs must be exactly what has been
 * counted: what is in the area of a CPU that is down counts, and stays until it comes again. Each
 * constructor must have been undone once for each time that it was called, in reverse order, also
 * when a later one fails (constructors.c). And calls that are wrong, of a CPU that is up, down,
 * about to stop or unknown, must be refused, and change nothing (wrong.c).
 *
 * It fails if a CPU does not stop or does not come again, if a sum is wrong, or if what a CPU finds
 * when it comes is not what it left.
 *
 * Options: rounds=NUMBER, 100 if not given.
 */
#include <kernels/common/kernel.h>
#include <percpu.h>

#include "hotplug.h"

#define ROUNDS 100

static size_t exact, inexact, most_down, not_renewed, not_whole;

/* What a CPU does each time that it comes. */
static void live(size_t cpu)
{
	life_begin(cpu);
	work_until_asked(cpu);
	life_end(cpu);
	cpus_stop_self(cpu);
}

/*
 * Which CPUs go in round NUMBER: COUNT of them, from FIRST on. tests/qemu/hotplug.py knows it, too.
 */
static size_t count_of(size_t number)
{
	return 1 + number % (cpu_count - 1);
}

static size_t first_of(size_t number)
{
	return 1 + number * 3 % (cpu_count - count_of(number));
}

static void bail_out_if_any(size_t first, size_t end, const char *does_not)
{
	for (size_t cpu = first; cpu < end; cpu++)
		if (cpus[cpu].error)
			tap_bail_out("cpu %zu (%s %lu) does not %s: %s (%ld)", cpu, board_hwid_name,
				     cpus[cpu].hwid, does_not, cpus[cpu].error,
				     cpus[cpu].error_code);
}

static void go(size_t first, size_t end)
{
	int error;

	for (size_t cpu = first; cpu < end; cpu++)
		work_ask(cpu);
	if (!cpus_wait_stopped(first, end))
		bail_out_if_any(first, end, "stop");
	for (size_t cpu = first; cpu < end; cpu++) {
		error = percpu_cpu_dead(cpu);
		if (error)
			tap_bail_out("cpu %zu (%s %lu) has stopped, and percpu_cpu_dead says: %d: "
				     "%s",
				     cpu, board_hwid_name, cpus[cpu].hwid, error,
				     percpu_strerror(error));
	}
}

/* CPUs START to END - 1 are down, all others up. */
static void look(size_t start, size_t end)
{
	bool whole = true, right;
	size_t up = 0;

	work_pause();
	right = work_is_exact();
	for (size_t cpu = 0; cpu < cpu_count; cpu++) {
		whole &= life_is_whole(cpu, cpu < start || cpu >= end);
		wrong_from_cpu_0(cpu);
	}
	percpu_for_each_up (cpu)
		up += cpu < start || cpu >= end;
	not_whole += !whole || up != cpu_count - (end - start);
	exact += right;
	inexact += !right;
	not_renewed += !work_renew();
	work_resume();
}

static void wait_until_up(size_t cpu)
{
	uint64_t until = board_microseconds() + 3 * WAIT_MICROSECONDS;

	while (percpu_cpu_state(cpu) != PERCPU_CPU_UP) {
		if (board_microseconds() > until)
			tap_bail_out(
				"cpu %zu (%s %lu) runs, and is not up after 30 s, but in state "
				"%d: see where it is with QEMU's -d int",
				cpu, board_hwid_name, cpus[cpu].hwid, percpu_cpu_state(cpu));
		arch_pause();
	}
}

static void come(size_t first, size_t end)
{
	if (cpus_start_again(first, end) != end - first)
		bail_out_if_any(first, end, "come again");
	for (size_t cpu = first; cpu < end; cpu++)
		wait_until_up(cpu);
}

static void do_round(size_t number)
{
	size_t first = first_of(number), end = first + count_of(number);

	work_on_cpu_0();
	go(first, end);
	work_wait_for_turns();
	look(first, end);
	most_down = end - first > most_down ? end - first : most_down;
	work_on_cpu_0();
	come(first, end);
	work_wait_for_turns();
	look(0, 0);
}

static void report_cpu(size_t cpu)
{
	const struct life *life = &lives[cpu];
	const struct work *work = &works[cpu];
	size_t failed = work->allocated.failed + work->allocated_by_handler.failed;
	bool right = !failed && !life->mistakes && !life->forgotten && !life->disorder;

	tap_ok(right,
	       "cpu %zu (%s %lu) came %zu times and went %zu, counted %zu, allocated %zu, was "
	       "interrupted %zu times and refused %zu times, made %zu wrong calls; constructors "
	       "called %zu, undone %zu",
	       cpu, board_hwid_name, cpus[cpu].hwid, life->came, life->gone, work->counted,
	       work->allocated.made + work->allocated_by_handler.made, work->ticks, life->refused,
	       life->wrong, life->called, life->undone);
	if (!right)
		print("# of these, wrong: allocations %zu, calls that were not refused %zu, values "
		      "not kept %zu, constructors out of order %zu\n",
		      failed, life->mistakes, life->forgotten, life->disorder);
}

static void report(size_t rounds, const struct percpu_dynamic_info *before)
{
	struct percpu_dynamic_info now;

	percpu_dynamic_info(&now);
	for (size_t cpu = 0; cpu < cpu_count; cpu++)
		report_cpu(cpu);
	tap_ok(!inexact,
	       "%zu rounds, up to %zu CPUs down at once: every sum over all CPUs was "
	       "exact %zu times, and not %zu times",
	       rounds, most_down, exact, inexact);
	tap_ok(!not_whole, "each constructor was undone once for each time that it was called, and "
			   "each state was right");
	tap_ok(!not_renewed, "every copy of a variable that is made while CPUs are down is 0");
	tap_ok(now.blocks == before->blocks && now.free == before->free,
	       "nothing is left of what was allocated: %zu variables, %zu bytes free", now.blocks,
	       now.free);
}

void kernel_main(void)
{
	struct percpu_dynamic_info before;
	uint64_t rounds = ROUNDS;
	bool refused = wrong_before_init();

	(void)option("rounds", &rounds);
	cpus_make_areas();
	tap_plan(cpu_count + 6);
	tap_ok(refused, "before percpu_init every call is refused: %s",
	       percpu_strerror(PERCPU_ENOTREADY));
	tap_ok(wrong_numbers(), "so is every call with a number that no CPU has: %s",
	       percpu_strerror(PERCPU_EINVAL));
	work_prepare();
	percpu_dynamic_info(&before);
	life_begin(0);
	if (!interrupted)
		print("# there are no timer interrupts: %s\n", why_not_interrupted);
	if (cpus_start(live) != cpu_count)
		bail_out_if_any(1, cpu_count, "run");
	/* A CPU that runs need not be up yet; and only those that are up are waited for below. */
	for (size_t cpu = 1; cpu < cpu_count; cpu++)
		wait_until_up(cpu);
	if (cpu_count == 1) {
		rounds = 0;
		print("# the only CPU starts the others and does not stop: take SMP=2 or more\n");
	}
	work_wait_for_turns();
	for (size_t number = 1; number <= rounds; number++)
		do_round(number);
	look(0, 0);
	work_end();
	report(rounds, &before);
}

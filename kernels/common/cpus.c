/* SPDX-License-Identifier: 0BSD */
/*
 * The CPUs: listing them, starting them all at once, and waiting for each with a bound. With
 * serial=1 on the command line they are started one after the other, to see what that costs.
 *
 * A CPU's state goes from STARTING to ONLINE by the CPU itself, or to GIVEN_UP by CPU 0 when its
 * time is over; both use compare-and-exchange, so one of them wins, and a CPU that answers too late
 * parks instead of running unaccounted.
 *
 * Guest time goes on while a busy host lets a CPU of QEMU's wait, and with many CPUs each waits for
 * all others. So a bound is for the time in which nothing comes: each CPU that answers begins it
 * anew.
 */
#include "kernel.h"

#include <percpu.h>

struct cpu cpus[MAX_CPUS];
size_t cpu_count;
size_t cpus_answered;

static void (*start_function)(size_t cpu);

/* How much of the list is looked at. A MADT may list each CPU twice. */
#define MAX_LISTED ((size_t)2 * MAX_CPUS)

static bool listed(const uint64_t *hwids, size_t count, uint64_t hwid)
{
	for (size_t i = 0; i < count; i++)
		if (hwids[i] == hwid)
			return true;
	return false;
}

/*
 * Puts the list's CPUs behind the boot CPU, in its order. Two that have the same id are one: each
 * would get a stack and an area, but the hardware would run only the first, and find it by its id.
 */
static void add_listed(const uint64_t *hwids, size_t count, uint64_t boot_hwid)
{
	size_t repeated = 0;
	uint64_t one = 0;

	for (size_t i = 0; i < count; i++) {
		if (listed(hwids, i, hwids[i])) {
			repeated++;
			one = hwids[i];
		} else if (hwids[i] != boot_hwid && cpu_count < MAX_CPUS) {
			cpus[cpu_count++] = (struct cpu){.hwid = hwids[i]};
		}
	}
	if (repeated)
		print("# the firmware lists a CPU again, %zu times, %s %lu for one: each CPU is "
		      "started once\n",
		      repeated, board_hwid_name, one);
	if (count - repeated > MAX_CPUS)
		print("# the firmware lists more than the %zu CPUs that this kernel is built for, "
		      "and the others are left out: raise BOARD_MAX_CPUS in board.mk\n",
		      (size_t)MAX_CPUS);
}

void cpus_find(uint64_t boot_hwid)
{
	static uint64_t hwids[MAX_LISTED];
	size_t count = board_find_cpus(hwids, MAX_LISTED);

	if (count <= MAX_LISTED && !listed(hwids, count, boot_hwid))
		tap_bail_out("cpu 0 (%s %lu) runs, but the firmware's list of %zu CPUs does not "
			     "have it: look at the list, and at how this id is read",
			     board_hwid_name, boot_hwid, count);
	cpus[cpu_count++] = (struct cpu){.hwid = boot_hwid, .state = CPU_ONLINE};
	add_listed(hwids, count < MAX_LISTED ? count : MAX_LISTED, boot_hwid);
}

size_t cpu_of(uint64_t hwid)
{
	size_t cpu = 0;

	while (cpu < cpu_count && cpus[cpu].hwid != hwid)
		cpu++;
	return cpu;
}

void cpus_make_areas(void)
{
	int error = percpu_init(cpu_count);

	if (!error)
		error = percpu_set_local_thread_pointer(0);
	if (error)
		tap_bail_out("cpu 0 (%s %lu): percpu_init(%zu), or binding this CPU: %s",
			     board_hwid_name, cpus[0].hwid, cpu_count, percpu_strerror(error));
}

bool wait_for(const size_t *flag, size_t value, uint64_t until)
{
	/* The acquire pairs with the release of whoever wrote the flag. */
	while (__atomic_load_n(flag, __ATOMIC_ACQUIRE) < value) {
		if (board_microseconds() > until)
			return false;
		arch_pause();
	}
	return true;
}

bool wait_while(const size_t *flag, size_t value, const size_t *progress, uint64_t microseconds)
{
	uint64_t until = board_microseconds() + microseconds;
	size_t seen = __atomic_load_n(progress, __ATOMIC_RELAXED);

	/* The acquire pairs as in wait_for. */
	while (__atomic_load_n(flag, __ATOMIC_ACQUIRE) < value) {
		size_t now = __atomic_load_n(progress, __ATOMIC_RELAXED);

		if (now != seen)
			until = board_microseconds() + microseconds;
		else if (board_microseconds() > until)
			return false;
		seen = now;
		arch_pause();
	}
	return true;
}

/* The state of CPU becomes TO, if it is STARTING. */
static bool leave_starting(size_t cpu, size_t to)
{
	size_t starting = CPU_STARTING;

	/* Acquire and release; GCC 12 leaves the release out of an ACQ_REL exchange on RISC-V. */
	return __atomic_compare_exchange_n(&cpus[cpu].state, &starting, to, false, __ATOMIC_SEQ_CST,
					   __ATOMIC_SEQ_CST);
}

/* How many of CPUs FIRST to END - 1 have no error. */
static size_t started(size_t first, size_t end)
{
	size_t count = 0;

	for (size_t cpu = first; cpu < end; cpu++)
		count += !cpus[cpu].error;
	return count;
}

static void retry_silent_cpus(size_t first, size_t end)
{
	for (size_t cpu = first; cpu < end; cpu++)
		if (!cpus[cpu].error &&
		    __atomic_load_n(&cpus[cpu].state, __ATOMIC_ACQUIRE) == CPU_STARTING)
			arch_retry_cpu(cpu);
}

/* Until CPUs FIRST to END - 1 have made it ANSWERS, or for so long none has come. */
static void wait_for_answers(size_t answers, size_t first, size_t end)
{
	(void)wait_while(&cpus_answered, answers, &cpus_answered, WAIT_MICROSECONDS);
	retry_silent_cpus(first, end);
	(void)wait_while(&cpus_answered, answers, &cpus_answered, 2 * WAIT_MICROSECONDS);
}

/* Each CPU is started when the one before has come, or has had its time. */
static void start_serially(void)
{
	for (size_t cpu = 1; cpu < cpu_count; cpu++) {
		arch_start_cpus(cpu, cpu + 1);
		if (!cpus[cpu].error)
			(void)wait_for(&cpus[cpu].state, CPU_ONLINE,
				       board_microseconds() + WAIT_MICROSECONDS);
	}
}

/* How many of CPUs FIRST to END - 1 run; the others are given up, and have an error. */
static size_t count_online(size_t first, size_t end)
{
	size_t online = 0;

	for (size_t cpu = first; cpu < end; cpu++) {
		if (!leave_starting(cpu, CPU_GIVEN_UP))
			online++;
		else if (!cpus[cpu].error)
			cpus[cpu].error = "was started but did not answer within 30 s: see how far "
					  "it comes with QEMU's -d int,cpu_reset";
	}
	return online;
}

size_t cpus_start(void (*function)(size_t cpu))
{
	const char *error = arch_start_init();
	uint64_t serial = 0;

	(void)option("serial", &serial);
	start_function = function;
	stacks_guard(BOOT_STACKS, boot_stacks, BOOT_STACK_SIZE, cpu_count);
	for (size_t cpu = 1; cpu < cpu_count; cpu++) {
		if (error)
			cpus[cpu].error = error;
		__atomic_store_n(&cpus[cpu].state, CPU_STARTING, __ATOMIC_RELEASE);
	}
	/* What was written so far is seen by the CPUs that this starts: see each arch_start_cpus.
	 */
	if (serial)
		start_serially();
	else
		arch_start_cpus(1, cpu_count);
	wait_for_answers(started(1, cpu_count), 1, cpu_count);
	return 1 + count_online(1, cpu_count);
}

void secondary_entry(size_t cpu, int error)
{
	if (error)
		tap_bail_out("cpu %zu (%s %lu): percpu_set_local_thread_pointer: %s", cpu,
			     board_hwid_name, cpus[cpu].hwid, percpu_strerror(error));
	if (leave_starting(cpu, CPU_ONLINE)) {
		/* Not a release: what CPU 0 needs of this CPU is in its state. */
		__atomic_fetch_add(&cpus_answered, 1, __ATOMIC_RELAXED);
		start_function(cpu);
	}
	arch_halt();
}

void cpus_stop_self(size_t cpu)
{
	if (cpu == 0)
		tap_bail_out("cpu 0 (%s %lu) is to stop itself, and nobody would start it, or any "
			     "other, again: stop the others",
			     board_hwid_name, cpus[0].hwid);
	arch_stop_self(cpu);
}

static bool is_stopped(size_t cpu)
{
	return __atomic_load_n(&cpus[cpu].state, __ATOMIC_RELAXED) == CPU_STOPPED;
}

/* How many of CPUs FIRST to END - 1 may still stop. Each of them is asked. */
static size_t count_stopping(size_t first, size_t end)
{
	size_t stopping = 0;

	for (size_t cpu = first; cpu < end; cpu++) {
		if (cpus[cpu].error || is_stopped(cpu))
			continue;
		if (arch_cpu_has_stopped(cpu))
			__atomic_store_n(&cpus[cpu].state, CPU_STOPPED, __ATOMIC_RELAXED);
		else
			stopping += !cpus[cpu].error;
	}
	return stopping;
}

bool cpus_wait_stopped(size_t first, size_t end)
{
	uint64_t until = board_microseconds() + WAIT_MICROSECONDS;
	size_t before = end - first, now;
	bool all = true;

	/* All at once, for where a CPU takes its time from the first question on. */
	while ((now = count_stopping(first, end)) > 0 && board_microseconds() <= until) {
		if (now != before)
			until = board_microseconds() + WAIT_MICROSECONDS;
		before = now;
		arch_pause();
	}
	for (size_t cpu = first; cpu < end; cpu++) {
		if (!cpus[cpu].error && !is_stopped(cpu))
			cpus[cpu].error = "was to stop itself but runs after 10 s: see where it is "
					  "with QEMU's -d int,cpu_reset";
		all &= !cpus[cpu].error;
	}
	return all;
}

size_t cpus_start_again(size_t first, size_t end)
{
	size_t answered = __atomic_load_n(&cpus_answered, __ATOMIC_RELAXED);

	for (size_t cpu = first; cpu < end; cpu++)
		__atomic_store_n(&cpus[cpu].state, CPU_STARTING, __ATOMIC_RELEASE);
	arch_start_cpus(first, end);
	wait_for_answers(answered + started(first, end), first, end);
	return count_online(first, end);
}

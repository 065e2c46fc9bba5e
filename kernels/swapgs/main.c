/* SPDX-License-Identifier: 0BSD */
/*
 * swapgs: what comes at the border to user mode on x86_64 when nothing holds it back. Between an
 * entry from user mode and its SWAPGS, and between SWAPGS and the return, the kernel runs with the
 * user's GS_BASE, and around SYSCALL with the user's stack pointer. #DB, NMI and machine checks
 * come there as anywhere else, and their handlers use per-CPU variables (arch/x86_64/ist.S).
 *
 * On all CPUs at the same time user code goes back and forth, with a GS_BASE that it has chosen to
 * mislead (rounds.c). #DB and NMI are made to come before every instruction of the border in turn
 * (events.c); what has come is reported for each (windows.c). With external=1 the test sends
 * machine checks and NMIs, from outside, and also into the entry of #DB.
 *
 * It fails if a handler finds another CPU's area, or if user code finds a register or its red zone
 * changed. Whether all came everywhere, and found the user's GS_BASE just where it must be, is for
 * the test to judge, from the disassembly. With trust=1 the entries ask CS whose GS_BASE it is,
 * with trust=2 its sign (wrong.S): these must fail. With tables=1 user mode has a page table of its
 * own (arch/x86_64/kpti.S), and what comes may find that one on as well. With fault=1 a double
 * fault ends the run: user code enters with a stack pointer that leads nowhere, and an exception
 * comes before SWAPGS.
 *
 * Options: external=1; trust=1 or 2; tables=1; fault=1; fsgsbase=0 or 1, whether user code has
 * WRGSBASE, which is as the CPU has it if not given.
 */
#include <arch/x86_64/user.h>
#include <arch/x86_64/x86.h>
#include <kernels/common/kernel.h>

#include "swapgs.h"

static uint64_t external, trust, fault;

static size_t ready, swept, finished;

/* For the test, which stops the machine where this is called, and writes 1 when it has sent all. */
void serve_test(size_t cpu);
size_t test_done;

/* All CPUs meet. */
static void wait_for_all(size_t cpu, size_t *counter)
{
	/* Acquire and release: each that has come is behind what all did before. */
	__atomic_fetch_add(counter, 1, __ATOMIC_ACQ_REL);
	if (!wait_while(counter, cpu_count, &rounds, 6 * WAIT_MICROSECONDS))
		tap_bail_out("cpu %zu has waited 60 s for the others, none of which has done a "
			     "round: see where they are by QEMU's -d int",
			     cpu);
}

/* To the next CPU, which is anywhere. */
static void send_nmi(size_t cpu)
{
	if (cpu_count > 1)
		lapic_send_nmi((uint32_t)cpus[(cpu + 1) % cpu_count].hwid);
}

/* Where an instruction begins #DB says, the first time: it comes before no other byte. */
static void sweep_window(size_t cpu, const struct window *window, size_t base)
{
	uint64_t flags = way_flags[window->way];

	for (size_t i = 0; window->start + i < window->end; i++) {
		uintptr_t pc = windows_address(cpu, window, i);

		if (base && !windows_had_debug(window, i))
			continue;
		send_nmi(cpu);
		round_run(cpu, pc, false, base, flags);
		if (!trust && windows_had_debug(window, i))
			round_run(cpu, pc, true, base, flags);
	}
}

/*
 * Until the test has sent what it has. #DB comes where GS_BASE is the user's, so
 * that what the test sends into the entry of #DB finds that too.
 */
__attribute__((noinline)) void serve_test(size_t cpu)
{
	uint64_t until = board_microseconds() + 18 * WAIT_MICROSECONDS;

	for (size_t i = 0; external && board_microseconds() < until; i++) {
		if (__atomic_load_n(&test_done, __ATOMIC_RELAXED))
			return;
		round_run(cpu, windows_users(cpu, i % 16), false, i % BASES, way_flags[i % WAYS]);
	}
}

static void prepare(size_t cpu)
{
	const char *error = arch_interrupts_init(cpu);

	if (!error)
		error = arch_user_init(cpu);
	if (error)
		tap_bail_out("cpu %zu (%s %lu): user mode: %s", cpu, board_hwid_name,
			     cpus[cpu].hwid, error);
	if (cpu == 0)
		windows_init();
	if (cpu == 0 && trust)
		events_trust(trust);
	events_init(cpu);
}

static void run(size_t cpu)
{
	if (cpu)
		prepare(cpu);
	wait_for_all(cpu, &ready);
	if (fault && cpu == cpu_count - 1)
		events_double_fault(cpu);
	for (size_t i = 0; i < WINDOWS && windows[i].way < WAYS; i++)
		for (size_t base = 0; base < (trust ? 1 : BASES); base++)
			sweep_window(cpu, &windows[i], base);
	wait_for_all(cpu, &swept);
	serve_test(cpu);
	wait_for_all(cpu, &finished);
}

static void report(void)
{
	uint64_t until = board_microseconds() + WAIT_MICROSECONDS;

	/* A last NMI may be on its way. */
	while (!trust && windows_miscounted() && board_microseconds() < until)
		arch_pause();
	windows_report();
	tap_ok(rounds_wrong() == 0, "user code keeps its registers and its red zone in %zu rounds",
	       rounds);
	tap_ok(wrong_areas == 0 && windows_miscounted() == 0,
	       "every handler uses its CPU's area: %zu found another, %zu counters differ",
	       wrong_areas, windows_miscounted());
}

void kernel_main(void)
{
	cpus_make_areas();
	(void)option("external", &external);
	(void)option("trust", &trust);
	(void)option("fault", &fault);
	tap_plan(3);
	rounds_init();
	prepare(0);
	tap_ok(cpus_start(run) == cpu_count, "%zu CPUs go to user mode", cpu_count);
	run(0);
	report();
}

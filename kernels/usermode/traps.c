/* SPDX-License-Identifier: 0BSD */
/* What happens on a trap: counted in per-CPU variables and, beside them, in plain memory. */
#include "usermode.h"

#include <percpu.h>

/* From one of a CPU's interrupts to its next. */
#define SHORTEST_MICROSECONDS 20
#define MORE_MICROSECONDS 200 /* than these, at most */

/* Updates by each system call, with interrupts on. */
#define WORK 20

#define RECENT 64

/* Near and far; updated by operations, through a pointer, and by the entry in assembly. */
static PERCPU_DEFINE(uint64_t, events);
static PERCPU_DEFINE(uint64_t, work_done);
PERCPU_DEFINE(uint64_t, user_entries);
struct history {
	uint64_t events[EVENTS];
	uint64_t hash;
	size_t next;
	size_t cpu[RECENT]; /* where each of the last events was counted */
};
static PERCPU_DEFINE_FAR(struct history, history);

struct seen seen[MAX_CPUS];
uint64_t trust;

static char trap_stacks[MAX_CPUS][BOOT_STACK_SIZE] __attribute__((aligned(16)));

void traps_init(void)
{
	stacks_guard("trap stack of cpu", trap_stacks, sizeof(trap_stacks[0]), cpu_count);
}

uint64_t next_random(struct seen *me)
{
	me->random = me->random * UINT64_C(6364136223846793005) + 1442695040888963407;
	return me->random >> 16;
}

static uint64_t hash(uint64_t before, enum event event)
{
	return before * UINT64_C(0x9E3779B97F4A7C15) + event + 1;
}

static void count(size_t cpu, enum event event)
{
	struct history *here = percpu_ptr(history);

	percpu_inc(events);
	here->events[event]++;
	here->hash = hash(here->hash, event);
	here->cpu[here->next++ % RECENT] = cpu;
	seen[cpu].events[event]++;
	seen[cpu].history = hash(seen[cpu].history, event);
}

void timer_set_random(struct seen *me)
{
	uint64_t us = SHORTEST_MICROSECONDS + next_random(me) % MORE_MICROSECONDS;

	arch_timer_set(arch_timer_rate() * us / 1000000);
}

static void timer(size_t cpu, bool user)
{
	if (!arch_timer_acknowledge())
		return; /* what is not counted is missed */
	count(cpu, user ? TIMER_IN_USER : TIMER_IN_CALL);
	if (next_random(&seen[cpu]) % 4 == 0)
		arch_breakpoint();
	timer_set_random(&seen[cpu]);
}

static struct trap_frame *breakpoint(size_t cpu, struct trap_frame *frame)
{
	struct seen *me = &seen[cpu];
	struct trap_frame *user = me->user;

	if (!user) {
		count(cpu, NESTED);
		return frame;
	}
	me->user = NULL;
	me->kernel = frame;
	return user;
}

static struct trap_frame *system_call(size_t cpu, struct trap_frame *frame)
{
	struct seen *me = &seen[cpu];

	count(cpu, CALL);
	if (arch_user_call(frame) != USER_CALL_WORK) {
		me->exited = true;
		me->status = arch_user_argument(frame);
		return me->kernel;
	}
	arch_interrupts_on();
	for (size_t i = 0; i < WORK; i++)
		percpu_inc(work_done);
	arch_interrupts_off();
	me->work += WORK;
	arch_user_set_result(frame, ~arch_user_argument(frame));
	return frame;
}

static struct trap_frame *handle(size_t cpu, struct trap_frame *frame, enum trap_kind kind)
{
	switch (kind) {
	case TRAP_TIMER:
		timer(cpu, arch_frame_is_user(frame));
		return frame;
	case TRAP_BREAKPOINT:
		return breakpoint(cpu, frame);
	case TRAP_SYSTEM_CALL:
		return system_call(cpu, frame);
	case TRAP_USER_FAULT:
		count(cpu, FAULT);
		return seen[cpu].kernel;
	}
	__builtin_unreachable();
}

struct trap_frame *trap_handle(struct trap_frame *frame, enum trap_kind kind)
{
	bool user = arch_frame_is_user(frame);
	size_t cpu = arch_cpu_number();
	uintptr_t own = percpu_arch_get_register();

	if (kind == TRAP_USER_FAULT)
		seen[cpu].fault = arch_user_fault();
	if (user) {
		seen[cpu].entries++;
		tables_count(cpu, kind);
	} else {
		arch_frame_set_pc(frame, percpu_restart(arch_frame_pc(frame)));
	}
	if (user && trust)
		percpu_arch_set_register(arch_user_register(frame));
	frame = handle(cpu, frame, kind);
	/* The entry's variables, where an entry has some, are not what is trusted. */
	if (user && trust)
		percpu_arch_set_register(own);
	return frame;
}

void user_run(size_t cpu, user_program program, uint64_t pattern, uint64_t value)
{
	seen[cpu].exited = false;
	seen[cpu].user =
		arch_user_frame_create(trap_stacks[cpu] + BOOT_STACK_SIZE, program, pattern, value);
	arch_breakpoint();
}

bool traps_counted(size_t cpu)
{
	const struct history *there = percpu_ptr_on(history, cpu);
	const struct seen *expected = &seen[cpu];
	bool right = there->hash == expected->history &&
		     percpu_read_on(work_done, cpu) == expected->work &&
		     percpu_read_on(user_entries, cpu) == expected->entries;
	uint64_t sum = 0;

	for (size_t i = 0; i < EVENTS; i++) {
		right = right && there->events[i] == expected->events[i];
		sum += expected->events[i];
	}
	for (size_t i = 0; i < there->next && i < RECENT; i++)
		right = right && there->cpu[i] == cpu;
	return right && percpu_read_on(events, cpu) == sum;
}

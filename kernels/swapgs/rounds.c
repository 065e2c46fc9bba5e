/* SPDX-License-Identifier: 0BSD */
/*
 * Rounds through user mode. In each the user's code goes into the kernel by every way that it has,
 * and before one instruction of one of them #DB comes, or #DB and an NMI; for every instruction,
 * and with different values in the user's GS_BASE. At any time NMIs from other CPUs come as well.
 */
#include <arch/x86_64/user.h>
#include <arch/x86_64/x86.h>
#include <kernels/common/kernel.h>
#include <percpu.h>

#include "swapgs.h"

/* Until the timer fires in a round that waits for it, in its ticks. */
#define TIMER_TICKS 1000

/* What a CPU is in the middle of. */
static struct {
	uintptr_t pc; /* where #DB is to come, */
	bool nmi;     /* and an NMI */
	struct trap_frame *user, *kernel;
	uint64_t status; /* what user code has said in the end */
} now[MAX_CPUS];

static char trap_stacks[MAX_CPUS][BOOT_STACK_SIZE] __attribute__((aligned(16)));

size_t rounds;
static size_t wrong_rounds;

PERCPU_DEFINE(uint64_t, user_entries);

void rounds_init(void)
{
	stacks_guard("trap stack of cpu", trap_stacks, sizeof(trap_stacks[0]), cpu_count);
}

/*
 * What user code may have in GS_BASE: what another CPU has, or this one if it is alone; an address
 * of the kernel's, the last one of its own, and 0.
 */
static uintptr_t user_base(size_t cpu, size_t i)
{
	const uintptr_t bases[BASES] = {gs_base_of((cpu + 1) % cpu_count),
					(uintptr_t)0xffffffff80000000, 0x7fffffffffff, 0};

	return bases[i];
}

static struct trap_frame *breakpoint(size_t cpu, struct trap_frame *frame)
{
	if (arch_frame_is_user(frame))
		return frame;
	now[cpu].kernel = frame;
	return now[cpu].user;
}

static struct trap_frame *system_call(size_t cpu, struct trap_frame *frame)
{
	switch (arch_user_call(frame)) {
	case USER_CALL_BEGIN:
		if (user_block(cpu)->flags & FLAG_TIMER)
			arch_timer_set(TIMER_TICKS);
		if (now[cpu].nmi)
			events_hold_nmi(cpu);
		events_break_at(now[cpu].pc);
		return frame;
	case USER_CALL_EXIT:
		now[cpu].status = arch_user_argument(frame);
		return now[cpu].kernel;
	default:
		return frame;
	}
}

/* What user code did on purpose is skipped. */
static struct trap_frame *user_fault(size_t cpu, struct trap_frame *frame)
{
	struct user_fault fault = arch_user_fault();

	if (fault.access || !(user_block(cpu)->flags & FLAG_FAULT))
		tap_bail_out("cpu %zu: user code faults: %s at pc %lx, address %lx", cpu,
			     fault.name, arch_frame_pc(frame), fault.address);
	arch_frame_set_pc(frame, arch_frame_pc(frame) + HLT_BYTES);
	return frame;
}

struct trap_frame *trap_handle(struct trap_frame *frame, enum trap_kind kind)
{
	size_t cpu = windows_cpu();

	switch (kind) {
	case TRAP_TIMER:
		(void)arch_timer_acknowledge();
		user_block(cpu)->ticks++;
		return frame;
	case TRAP_BREAKPOINT:
		return breakpoint(cpu, frame);
	case TRAP_SYSTEM_CALL:
		return system_call(cpu, frame);
	case TRAP_USER_FAULT:
		return user_fault(cpu, frame);
	}
	__builtin_unreachable();
}

void round_run(size_t cpu, uintptr_t pc, bool nmi, size_t base, uint64_t way)
{
	uintptr_t gs_base = user_base(cpu, base);

	now[cpu].pc = pc;
	now[cpu].nmi = nmi;
	now[cpu].user = arch_user_frame_create(trap_stacks[cpu] + BOOT_STACK_SIZE, user_border,
					       gs_base ^ pc, gs_base);
	user_block(cpu)->flags |= way | (gs_base == 0 ? FLAG_SELECTOR : 0);
	arch_breakpoint();
	events_break_at(0);
	__atomic_fetch_add(&wrong_rounds, now[cpu].status != 0, __ATOMIC_RELAXED);
	__atomic_fetch_add(&rounds, 1, __ATOMIC_RELAXED);
}

size_t rounds_wrong(void)
{
	return wrong_rounds;
}

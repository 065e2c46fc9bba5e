/* SPDX-License-Identifier: 0BSD */
/* The timer, by the firmware's Timer extension, and frames: see arch/interrupts.h. */
#include "frame.h"

#include <boards/common/devicetree.h>
#include <kernels/common/kernel.h>
#include <percpu.h>

#include "sbi.h"

/* Fields of sstatus and sie (RISC-V privileged specification, "Supervisor CSRs"). */
#define SSTATUS_SIE (1u << 1)
#define SSTATUS_SPIE (1u << 5) /* interrupts on after SRET */
#define SIE_STIE (1u << 5)

extern const char interrupt_vector[], thread_start[]; /* interrupts.S */

static struct hart harts[MAX_CPUS];

/* Volatile: sscratch changes, once. */
struct hart *this_hart(void)
{
	uintptr_t sscratch;

	__asm__ volatile("csrr %0, sscratch" : "=r"(sscratch));
	return sscratch < MAX_CPUS ? NULL : (struct hart *)sscratch; /* NOLINT: a register */
}

const char *arch_interrupts_init(size_t cpu)
{
	if (!sbi_has(SBI_TIME))
		return "the firmware lacks the TIME extension: OpenSBI 0.4 and later have it";
	harts[cpu] = (struct hart){.number = cpu, .due = TIMER_NEVER};
	sbi_call(SBI_TIME, SBI_TIME_SET_TIMER, TIMER_NEVER, 0, 0);
	/* "memory": the struct is whole before a trap looks at it. Interrupts are off. */
	__asm__ volatile("csrw sscratch, %0\n\tcsrw stvec, %1\n\tcsrw sie, %2"
			 :
			 : "r"(&harts[cpu]), "r"(interrupt_vector), "r"(SIE_STIE)
			 : "memory");
	return NULL;
}

/* "memory" in both: what a handler works on stays on its side. */
void arch_interrupts_on(void)
{
	__asm__ volatile("csrs sstatus, %0" : : "i"(SSTATUS_SIE) : "memory");
}

void arch_interrupts_off(void)
{
	__asm__ volatile("csrc sstatus, %0" : : "i"(SSTATUS_SIE) : "memory");
}

uint64_t arch_timer_rate(void)
{
	return devicetree_timebase(board_tree());
}

uint64_t timer_due(void)
{
	const struct hart *hart = this_hart();

	return hart ? hart->due : TIMER_NEVER;
}

static void set_due(uint64_t time)
{
	this_hart()->due = time;
	sbi_call(SBI_TIME, SBI_TIME_SET_TIMER, time, 0, 0);
}

void arch_timer_set(uint64_t ticks)
{
	uint64_t now;

	__asm__ volatile("rdtime %0" : "=r"(now));
	set_due(now + ticks);
}

/* No bound of its own: what counts here is what every bound is measured by. */
void arch_timer_wait_tick(void)
{
	uint64_t before, now;

	__asm__ volatile("rdtime %0\n1:\trdtime %1\n\tbeq %0, %1, 1b" : "=&r"(before), "=&r"(now));
}

/* A later time takes the pending interrupt back (SBI specification, "Set Timer"). */
void arch_timer_acknowledge(void)
{
	set_due(TIMER_NEVER);
}

uintptr_t arch_frame_pc(const struct trap_frame *frame)
{
	return frame->pc;
}

void arch_frame_set_pc(struct trap_frame *frame, uintptr_t pc)
{
	frame->pc = pc;
}

struct trap_frame *arch_frame_create(void *stack_end, void (*entry)(void *), void *argument)
{
	struct trap_frame *frame = (struct trap_frame *)stack_end - 1;

	*frame = (struct trap_frame){.pc = (uint64_t)thread_start,
				     .X(8) = (uint64_t)entry,
				     .X(9) = (uint64_t)argument,
				     .sstatus = SSTATUS_SPP | SSTATUS_SPIE};
	return frame;
}

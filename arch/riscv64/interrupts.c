/* SPDX-License-Identifier: 0BSD */
/* Interrupts, the timer and frames: see arch/interrupts.h. How it is set is the level's. */
#include "frame.h"

#include <boards/common/devicetree.h>
#include <kernels/common/kernel.h>
#include <percpu.h>

#include "level.h"

extern const char interrupt_vector[], thread_start[]; /* interrupts.S */

static struct hart harts[MAX_CPUS];

/* Volatile: xscratch changes, once. */
static uintptr_t read_scratch(void)
{
	uintptr_t scratch;

	__asm__ volatile("csrr %0, " CSR_STRING(scratch) : "=r"(scratch));
	return scratch;
}

struct hart *this_hart(void)
{
	uintptr_t scratch = read_scratch();

	return scratch < MAX_CPUS ? NULL : (struct hart *)scratch; /* NOLINT: a register */
}

/* For PERCPU_DEBUG. The number, by way of xscratch, which is in no frame. */
uintptr_t percpu_hardware_id(void)
{
	return this_hart() ? this_hart()->number : read_scratch();
}

const char *arch_interrupts_init(size_t cpu)
{
	const char *error = level_has_timer();

	if (error)
		return error;
	harts[cpu] = (struct hart){.number = cpu, .due = TIMER_NEVER};
	level_set_timer(TIMER_NEVER);
	/* "memory": the struct is whole before a trap looks at it. Interrupts are off. */
	__asm__ volatile(
		"csrw " CSR_STRING(scratch) ", %0\n\t"
					    "csrw " CSR_STRING(tvec) ", %1\n\t"
								     "csrw " CSR_STRING(ie) ", %2"
		:
		: "r"(&harts[cpu]), "r"(interrupt_vector), "r"(1 << CAUSE_TIMER)
		: "memory");
	return NULL;
}

/* "memory" in both: what a handler works on stays on its side. */
void arch_interrupts_on(void)
{
	__asm__ volatile("csrs " CSR_STRING(status) ", %0" : : "i"(STATUS_IE) : "memory");
}

void arch_interrupts_off(void)
{
	__asm__ volatile("csrc " CSR_STRING(status) ", %0" : : "i"(STATUS_IE) : "memory");
}

/* Volatile, and "memory": the handler may change anything before it ends. */
void arch_interrupts_wait(void)
{
	__asm__ volatile("wfi" ::: "memory");
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
	level_set_timer(time);
}

void arch_timer_set(uint64_t ticks)
{
	set_due(level_time() + ticks);
}

/* No bound of its own: what counts here is what every bound is measured by. */
void arch_timer_wait_tick(void)
{
	uint64_t before = level_time();

	while (level_time() == before)
		;
}

/* A later time takes the pending interrupt back: see level_set_timer. */
bool arch_timer_acknowledge(void)
{
	set_due(TIMER_NEVER);
	return true;
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
				     .status = STATUS_PP | STATUS_PIE};
	return frame;
}

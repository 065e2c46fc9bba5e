/* SPDX-License-Identifier: 0BSD */
/* The local APIC's timer, and frames: see arch/interrupts.h. */
#include "frame.h"

#include <boards/pc/pc.h>
#include <kernels/common/kernel.h>

#include "x86.h"

extern const char interrupt_timer[], interrupt_breakpoint[], interrupt_spurious[], thread_start[];

/* RFLAGS: interrupts on; bit 1 is always set. */
#define THREAD_RFLAGS 0x202

/* Long enough for the clock's microseconds not to matter. */
#define MEASURED_MICROSECONDS 10000

static uint64_t timer_rate;

/* The timer's rate is the bus's or the crystal's, which no register tells on every CPU. */
static void measure_timer(void)
{
	uint64_t start, passed;

	lapic_timer_set(UINT32_MAX);
	start = board_microseconds();
	do
		passed = board_microseconds() - start;
	while (passed < MEASURED_MICROSECONDS);
	timer_rate = (UINT32_MAX - lapic_timer_left()) * UINT64_C(1000000) / passed;
	lapic_timer_set(0);
}

static const char *init_machine(void)
{
	const char *error = lapic_init(pc_lapic_address(), x86_wants_x2apic());

	if (!error)
		error = lapic_enable(VECTOR_TIMER, VECTOR_SPURIOUS);
	if (!error)
		error = interrupts_silence();
	if (error)
		return error;
	trap_set_gate(VECTOR_BREAKPOINT, interrupt_breakpoint);
	trap_set_gate(VECTOR_TIMER, interrupt_timer);
	trap_set_gate(VECTOR_SPURIOUS, interrupt_spurious);
	return NULL;
}

const char *arch_interrupts_init(size_t cpu)
{
	const char *error = cpu == 0 ? init_machine() : lapic_enable(VECTOR_TIMER, VECTOR_SPURIOUS);

	if (error)
		return error;
	if (cpu == 0)
		measure_timer();
	return timer_rate ? NULL : "the local APIC's timer does not count";
}

/* "memory" in both: what a handler works on stays on its side. */
void arch_interrupts_on(void)
{
	__asm__ volatile("sti" ::: "memory");
}

void arch_interrupts_off(void)
{
	__asm__ volatile("cli" ::: "memory");
}

/* Volatile, and "memory": the handler may change anything before it ends. */
void arch_interrupts_wait(void)
{
	__asm__ volatile("hlt" ::: "memory");
}

uint64_t arch_timer_rate(void)
{
	return timer_rate;
}

/* The counter has 32 bits, and 0 stops it. */
void arch_timer_set(uint64_t ticks)
{
	lapic_timer_set(ticks > UINT32_MAX ? UINT32_MAX : ticks ? (uint32_t)ticks : 1);
}

/* A tick is no longer than some instructions. */
void arch_timer_wait_tick(void)
{
}

/* The timer is one-shot: it has stopped itself. A spurious interrupt would have another vector. */
bool arch_timer_acknowledge(void)
{
	lapic_end_of_interrupt();
	return true;
}

uintptr_t arch_frame_pc(const struct trap_frame *frame)
{
	return frame->rip;
}

void arch_frame_set_pc(struct trap_frame *frame, uintptr_t pc)
{
	frame->rip = pc;
}

struct trap_frame *arch_frame_create(void *stack_end, void (*entry)(void *), void *argument)
{
	struct trap_frame *frame = (struct trap_frame *)stack_end - 1;

	*frame = (struct trap_frame){.rbx = (uint64_t)entry,
				     .r12 = (uint64_t)argument,
				     .rip = (uint64_t)thread_start,
				     .cs = GDT_CODE64,
				     .rflags = THREAD_RFLAGS,
				     .rsp = (uint64_t)stack_end,
				     .ss = GDT_DATA};
	return frame;
}

/* SPDX-License-Identifier: 0BSD */
/*
 * Traps of a kernel that takes the per-CPU register for a thread's, as it is in one that came from
 * elsewhere: a trap saves it with the others, and the way back restores it. That is right until the
 * thread goes on on another CPU. What the frame has no place for is saved beside it.
 */
#include <kernels/common/kernel.h>
#include <percpu.h>

#include "misuse.h"

static PERCPU_DEFINE(size_t, variable);

static char stack[BOOT_STACK_SIZE] __attribute__((aligned(16)));

static struct trap_frame *thread, *cpu_0;
static uintptr_t saved_register;

static size_t left;  /* 1 once CPU 0 is not on the thread's stack any more */
static size_t moved; /* 1 once the thread has used a variable elsewhere, and nobody minded */

struct trap_frame *thread_trapped(struct trap_frame *frame)
{
	if (!cpu_0) {
		cpu_0 = frame;
		return thread;
	}
	if (!left) {
		thread = frame;
		saved_register = percpu_arch_get_register();
		return cpu_0;
	}
	percpu_arch_set_register(saved_register);
	return thread;
}

static void run(void *unused)
{
	(void)unused;
	percpu_inc(variable);
	arch_breakpoint();
	percpu_inc(variable);
	__atomic_store_n(&moved, 1, __ATOMIC_RELEASE);
}

static void use_interrupts(size_t cpu)
{
	const char *error = arch_interrupts_init(cpu);

	if (error)
		tap_bail_out("cpu %zu: interrupts: %s", cpu, error);
}

static void take_thread(size_t cpu)
{
	use_interrupts(cpu);
	if (wait_for(&left, 1, board_microseconds() + 6 * WAIT_MICROSECONDS))
		arch_breakpoint();
}

void move_with_register(void)
{
	use_interrupts(0);
	stacks_guard("stack of thread", stack, sizeof(stack), 1);
	thread = arch_frame_create(stack + sizeof(stack), run, NULL);
	arch_breakpoint();
	/* Pairs with the acquire in take_thread: CPU 0 has left the thread and its stack. */
	__atomic_store_n(&left, 1, __ATOMIC_RELEASE);
	cpus_start(take_thread);
	(void)wait_for(&moved, 1, board_microseconds() + 6 * WAIT_MICROSECONDS);
}

/* SPDX-License-Identifier: 0BSD */
/*
 * Traps that return, for kernels that use interrupts: the part that is the same everywhere.
 *
 * Until a CPU calls arch_interrupts_init, each of its traps is reported and ends the run, as trap.S
 * has it. From then on two kinds come back: the timer's interrupt and arch_breakpoint. The entry
 * puts the general registers into a frame on the stack in use and calls the kernel's trap_handle;
 * the frame that this returns is what the CPU goes on with. Another thread's frame switches
 * threads, and nothing else is needed for that. Any other trap is reported as before.
 *
 * The per-CPU register is the CPU's, not the thread's: it is in no frame. Neither is floating-point
 * state, which these kernels do not use. The entry calls nothing of the library: what has to be
 * done about a pc in the middle of a per-CPU operation is trap_handle's first business.
 *
 * A kernel that calls none of this gives no trap_handle: the linker drops the code that wants it.
 */
#ifndef ARCH_INTERRUPTS_H
#define ARCH_INTERRUPTS_H

/* What trap_handle is told, for the entry code. */
#define TRAP_NUMBER_TIMER 0
#define TRAP_NUMBER_BREAKPOINT 1
#define TRAP_NUMBER_SYSTEM_CALL 2
#define TRAP_NUMBER_USER_FAULT 3

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum trap_kind {
	TRAP_TIMER = TRAP_NUMBER_TIMER,
	TRAP_BREAKPOINT = TRAP_NUMBER_BREAKPOINT,
	/* Only where there is user mode: see arch/user.h. */
	TRAP_SYSTEM_CALL = TRAP_NUMBER_SYSTEM_CALL,
	TRAP_USER_FAULT = TRAP_NUMBER_USER_FAULT,
};

/*
 * What a trap interrupted. It lies where the stack ended, and stays there: the stack pointer to go
 * on with is found from its address.
 */
struct trap_frame;

/*
 * ---- Given by the kernel ----
 *
 * Called with interrupts off, on the stack of what was interrupted. Returns the frame to go on
 * with: FRAME, one that it was called with before, or one of arch_frame_create. Two CPUs must not
 * go on with the same.
 */
struct trap_frame *trap_handle(struct trap_frame *frame, enum trap_kind kind);

/* ---- Given by each architecture ---- */

/*
 * Prepares the calling CPU, number CPU: CPU 0 first, alone. Interrupts stay off, the timer is not
 * set. Returns NULL, or a sentence that says why this machine cannot do it.
 */
const char *arch_interrupts_init(size_t cpu);

void arch_interrupts_on(void);
void arch_interrupts_off(void);

/* Sleeps until an interrupt has come, with interrupts on: if one is sure to come again. */
void arch_interrupts_wait(void);

/* How often this CPU's timer ticks in a second. */
uint64_t arch_timer_rate(void);

/* Sets this CPU's timer to fire once, TICKS from now. It takes the place of an earlier setting. */
void arch_timer_set(uint64_t ticks);

/* Returns when the next tick has begun, so that what follows is as far from it each time. */
void arch_timer_wait_tick(void);

/*
 * For trap_handle, called for the timer, once: tells the hardware that the interrupt was taken, and
 * leaves the timer unset. Without it the same interrupt comes again, or none any more. False if
 * there is none to be taken, a spurious one: nothing is changed then, and the timer goes on.
 */
bool arch_timer_acknowledge(void);

/* Traps to trap_handle; what it returns goes on behind the instruction. */
void arch_breakpoint(void);

/* Where a frame goes on. After arch_breakpoint that is the next instruction already. */
uintptr_t arch_frame_pc(const struct trap_frame *frame);
void arch_frame_set_pc(struct trap_frame *frame, uintptr_t pc);

/*
 * Makes the first frame of a thread at the end of its stack, STACK_END, which is aligned to 16
 * bytes. The thread will call ENTRY with ARGUMENT, with interrupts on, and stop its CPU if that
 * returns.
 */
struct trap_frame *arch_frame_create(void *stack_end, void (*entry)(void *), void *argument);

#endif
#endif

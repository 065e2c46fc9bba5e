/* SPDX-License-Identifier: 0BSD */
/* What the files of this kernel share. */
#ifndef MISUSE_H
#define MISUSE_H

#include <arch/interrupts.h>
#include <stddef.h>

/* How many CPUs make a mistake: percpu_panic waits for each of them (panic.c). */
extern size_t panics_expected;
/* How often it was called. */
extern size_t panics_entered;

/*
 * A thread of CPU 0's traps and goes on on another CPU, with CPU 0's per-CPU register (move.c).
 * Returns if nobody minds.
 */
void move_with_register(void);
/* What its traps come to; the frame to go on with. */
struct trap_frame *thread_trapped(struct trap_frame *frame);

/*
 * What turns interrupts off does not, if the machine can be had to do that: see tests/qemu
 * (switch.c). Returns if nobody minds.
 */
void interrupt_updates(void);
/* What the timer comes to meanwhile. */
struct trap_frame *update_interrupted(struct trap_frame *frame);

#endif

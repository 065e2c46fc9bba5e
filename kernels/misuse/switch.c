/* SPDX-License-Identifier: 0BSD */
/*
 * An update that turns interrupts off, in a kernel where that leaves them on: its interrupt switch
 * is another privilege level's. The handler updates the same variable.
 */
#include <kernels/common/kernel.h>
#include <percpu.h>

#include "misuse.h"

static PERCPU_DEFINE(uint8_t, byte);

static void set_timer(void)
{
	arch_timer_set(arch_timer_rate() / 10000);
}

struct trap_frame *update_interrupted(struct trap_frame *frame)
{
	arch_frame_set_pc(frame, percpu_restart(arch_frame_pc(frame)));
	(void)arch_timer_acknowledge();
	percpu_inc(byte);
	set_timer();
	return frame;
}

void interrupt_updates(void)
{
	uint64_t until = board_microseconds() + 6 * WAIT_MICROSECONDS;
	const char *error = arch_interrupts_init(0);

	if (error)
		tap_bail_out("cpu 0: %s", error);
	set_timer();
	arch_interrupts_on();
	while (board_microseconds() < until)
		percpu_inc(byte);
	arch_interrupts_off();
}

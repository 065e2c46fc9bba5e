/* SPDX-License-Identifier: 0BSD */
/*
 * misuse: what PERCPU_DEBUG=1 catches. case= on the command line says which mistake to make; each
 * must end in percpu_panic, with the sentence for it. The kernel has failed if it comes to its own
 * end.
 */
#include <arch/interrupts.h>
#include <kernels/common/kernel.h>
#include <percpu.h>

static PERCPU_DEFINE(size_t, variable) = 1;
static PERCPU_DEFINE(uint8_t, byte);

enum mistake {
	BEFORE_INIT = 1,
	NOT_BOUND,
	AREA_OF_ANOTHER_CPU,
	NUMBER_TAKEN_TWICE,
	PREEMPTIBLE,
	RACE,
	TEMPLATE,
	WRONG_SWITCH
};

static size_t taken; /* 1 once another CPU has CPU 0's number, and nobody minded */

static void take_number_of_cpu_0(size_t cpu)
{
	(void)cpu;
	percpu_set_local_thread_pointer(0);
	__atomic_store_n(&taken, 1, __ATOMIC_RELEASE);
}

static void update_for_ever(size_t cpu)
{
	percpu_set_local_thread_pointer(cpu);
	for (;;)
		percpu_inc(variable);
}

/* The other CPU updates what this one writes: sooner or later both are at it. */
static void race(void)
{
	uint64_t until = board_microseconds() + WAIT_MICROSECONDS;

	cpus_start(update_for_ever);
	while (board_microseconds() < until)
		percpu_write_on(variable, 1, 0);
}

static void set_timer(void)
{
	arch_timer_set(arch_timer_rate() / 10000);
}

struct trap_frame *trap_handle(struct trap_frame *frame, enum trap_kind kind)
{
	(void)kind;
	arch_frame_set_pc(frame, percpu_restart(arch_frame_pc(frame)));
	arch_timer_acknowledge();
	percpu_inc(byte);
	set_timer();
	return frame;
}

/* What turns interrupts off does not, if the machine can be had to do that: see scenarios.py. */
static void interrupt_updates(void)
{
	uint64_t until = board_microseconds() + WAIT_MICROSECONDS;
	const char *error = arch_interrupts_init(0);

	if (error)
		tap_bail_out("cpu 0: %s", error);
	set_timer();
	arch_interrupts_on();
	while (board_microseconds() < until)
		percpu_inc(byte);
	arch_interrupts_off();
}

static void make(enum mistake mistake)
{
	if (mistake == BEFORE_INIT)
		percpu_inc(variable);
	percpu_init(cpu_count);
	percpu_arch_set_register(0);
	if (mistake == NOT_BOUND)
		percpu_inc(variable);
	percpu_set_local_thread_pointer(0);
	percpu_inc(variable);
	if (mistake == AREA_OF_ANOTHER_CPU) {
		percpu_arch_set_register(
			PERCPU_ARCH_REGISTER(percpu_area_base(1), PERCPU__TEMPLATE));
		percpu_inc(variable);
	}
	if (mistake == NUMBER_TAKEN_TWICE) {
		cpus_start(take_number_of_cpu_0);
		/* It is the other CPU that panics; this one must not end the machine before. */
		(void)wait_for(&taken, 1, board_microseconds() + WAIT_MICROSECONDS);
	}
	if (mistake == RACE)
		race();
	if (mistake == TEMPLATE) {
		*(volatile char *)PERCPU__TEMPLATE ^= 1;
		percpu_reset(variable);
	}
	if (mistake == WRONG_SWITCH)
		interrupt_updates();
	preemption_exists = true;
	percpu_inc(variable);
	if (mistake == PREEMPTIBLE)
		(void)*percpu_ptr(variable);
}

void kernel_main(void)
{
	uint64_t mistake = 0;

	tap_plan(1);
	(void)option("case", &mistake);
	make((enum mistake)mistake);
	tap_ok(false, "mistake %lu is caught", mistake);
}

/* SPDX-License-Identifier: 0BSD */
/*
 * misuse: what PERCPU_DEBUG=1 catches. case= on the command line says which mistake to make; each
 * must end in percpu_panic, with the sentence for it, once, though what this percpu_panic does is
 * wrong again (panic.c). The kernel has failed if it comes to its own end.
 *
 * Options: case=1 to 11, in the order of enum mistake.
 */
#include <kernels/common/kernel.h>
#include <percpu.h>

#include "misuse.h"

static PERCPU_DEFINE(size_t, variable) = 1;

/*
 * A compiler may warn of what is inside, but need not. Far: of a near one the linker notices on
 * aarch64, where the offset is in the instruction.
 */
#pragma GCC diagnostic ignored "-Waddress-of-packed-member"
#ifdef __clang__
#pragma clang diagnostic ignored "-Wunaligned-access"
#endif
struct __attribute__((packed)) packed {
	char byte;
	struct {
		size_t count;
	} inside;
};
static PERCPU_DEFINE_FAR(struct packed, packed);

enum mistake {
	BEFORE_INIT = 1,
	NOT_BOUND,
	AREA_OF_ANOTHER_CPU,
	NUMBER_TAKEN_TWICE,
	PREEMPTIBLE,
	RACE,
	TEMPLATE,
	MOVED_WITH_REGISTER,
	TWO_AT_ONCE,
	WRONG_SWITCH,
	MISALIGNED
};

static size_t taken; /* 1 once another CPU has CPU 0's number, and nobody minded */

static void take_number_of_cpu_0(size_t cpu)
{
	if (percpu_set_local_thread_pointer(0))
		tap_bail_out("cpu %zu: there is no area 0", cpu);
	__atomic_store_n(&taken, 1, __ATOMIC_RELEASE);
}

static void update_for_ever(size_t cpu)
{
	if (percpu_set_local_thread_pointer(cpu))
		tap_bail_out("cpu %zu: it has no area", cpu);
	for (;;)
		percpu_inc(variable);
}

/* The other CPU updates what this one writes: sooner or later both are at it. */
static void race(void)
{
	uint64_t until = board_microseconds() + 6 * WAIT_MICROSECONDS;

	cpus_start(update_for_ever);
	while (board_microseconds() < until)
		percpu_write_on(variable, 1, 0);
}

static void use_area_of(size_t cpu)
{
	percpu_arch_set_register(PERCPU_ARCH_REGISTER(percpu_area_base(cpu), PERCPU__TEMPLATE));
	percpu_inc(variable);
}

/* Its mistake comes when CPU 0 has begun to panic for its own, and has not ended. */
static void use_none(size_t cpu)
{
	(void)cpu;
	percpu_arch_set_register(0);
	(void)wait_for(&panics_entered, 1, board_microseconds() + 6 * WAIT_MICROSECONDS);
	percpu_inc(variable);
}

static void two_at_once(void)
{
	panics_expected = 2;
	cpus_start(use_none);
	use_area_of(1);
}

struct trap_frame *trap_handle(struct trap_frame *frame, enum trap_kind kind)
{
	return kind == TRAP_TIMER ? update_interrupted(frame) : thread_trapped(frame);
}

static void make(enum mistake mistake)
{
	if (mistake == BEFORE_INIT)
		percpu_inc(variable);
	if (percpu_init(cpu_count))
		tap_bail_out("cpu 0: there are no areas");
	percpu_arch_set_register(0);
	if (mistake == NOT_BOUND)
		percpu_inc(variable);
	if (percpu_set_local_thread_pointer(0))
		tap_bail_out("cpu 0: there is no area 0");
	percpu_inc(variable);
	if (mistake == AREA_OF_ANOTHER_CPU)
		use_area_of(1);
	if (mistake == NUMBER_TAKEN_TWICE) {
		cpus_start(take_number_of_cpu_0);
		/* It is the other CPU that panics; this one must not end the machine before. */
		(void)wait_for(&taken, 1, board_microseconds() + 6 * WAIT_MICROSECONDS);
	}
	if (mistake == RACE)
		race();
	if (mistake == MOVED_WITH_REGISTER)
		move_with_register();
	if (mistake == TWO_AT_ONCE)
		two_at_once();
	if (mistake == TEMPLATE) {
		*(volatile char *)PERCPU__TEMPLATE ^= 1;
		percpu_reset(variable);
	}
	if (mistake == WRONG_SWITCH)
		interrupt_updates();
	if (mistake == MISALIGNED)
		percpu_inc(packed.inside.count);
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

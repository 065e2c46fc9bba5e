/* SPDX-License-Identifier: 0BSD */
/*
 * misuse: what PERCPU_DEBUG=1 catches. case= on the command line says which mistake to make; each
 * must end in percpu_panic, with the sentence for it. The kernel has failed if it comes to its own
 * end.
 */
#include <kernels/common/kernel.h>
#include <percpu.h>

static PERCPU_DEFINE(size_t, variable) = 1;

enum mistake { BEFORE_INIT = 1, NOT_BOUND, AREA_OF_ANOTHER_CPU, NUMBER_TAKEN_TWICE, PREEMPTIBLE };

static size_t taken; /* 1 once another CPU has CPU 0's number, and nobody minded */

static void take_number_of_cpu_0(size_t cpu)
{
	(void)cpu;
	percpu_set_local_thread_pointer(0);
	__atomic_store_n(&taken, 1, __ATOMIC_RELEASE);
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

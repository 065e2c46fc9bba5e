/* SPDX-License-Identifier: 0BSD */
/*
 * The generic timer of this exception level, and frames: see arch/interrupts.h. firmware= on the
 * command line does on purpose to the GIC what firmware may have done: GIC_LEAVES_ in gic.h.
 */
#include "frame.h"

#include <boards/common/devicetree.h>
#include <kernels/common/kernel.h>
#include <percpu.h>

#include "counter.h"
#include "gic.h"

/*
 * Arm ARM DDI 0487, "The Generic Timer". EL1 has the virtual timer, which a hypervisor leaves to
 * its guest; EL2 has one of its own. INDEX is the timer's place in the device tree's list.
 * PSTATE of a thread: this level with its own SP, IRQs on, the rest masked as at boot.
 */
#if PERCPU_IS_EL1
#define TIMER(register) "cntv_" register "_el0"
#define TIMER_COUNT "cntvct_el0"
#define TIMER_INDEX 2
#define THREAD_PSTATE 0x345
#else
#define TIMER(register) "cnthp_" register "_el2"
#define TIMER_COUNT "cntpct_el0"
#define TIMER_INDEX 3
#define THREAD_PSTATE 0x349
#endif
#define TIMER_ENABLE 1u

#define MPIDR_AFFINITY UINT64_C(0xff00ffffff)

extern const char interrupt_vectors[], thread_start[]; /* interrupts.S */

static uint32_t timer_id;

static bool ready[MAX_CPUS]; /* by the CPU itself */

static const char *find_timer(void)
{
	const char *error = gic_init(board_tree());
	uint64_t left;

	if (!error && option("firmware", &left) && left & GIC_LEAVES_SPI) {
		gic_leave_shared();
		error = gic_init(board_tree());
	}
	if (error)
		return error;
	timer_id = gic_ppi(board_tree(), devicetree_compatible(board_tree(), "arm,armv8-timer"),
			   TIMER_INDEX);
	if (!timer_id)
		return "the device tree has no timer (\"arm,armv8-timer\") with an interrupt for "
		       "this exception level";
	return NULL;
}

/* "memory" in these: what a handler works on stays on its side. */
static void use_vectors(void)
{
	__asm__ volatile("msr vbar_el" PERCPU__STRING(PERCPU_ARM_EL) ", %0\n\tisb"
			 :
			 : "r"(interrupt_vectors)
			 : "memory");
}

static void timer_off(void)
{
	__asm__ volatile("msr " TIMER("ctl") ", xzr\n\tisb" ::: "memory");
}

const char *arch_interrupts_init(size_t cpu)
{
	const char *error = cpu == 0 ? find_timer() : NULL;
	uint64_t left;

	if (error)
		return error;
	timer_off();
	use_vectors();
	if (option("firmware", &left))
		gic_leave(timer_id, left);
	ready[cpu] = true;
	return gic_init_cpu(timer_id);
}

const char *interrupts_stop(size_t cpu, bool off)
{
	if (!ready[cpu])
		return NULL;
	ready[cpu] = false;
	arch_interrupts_off();
	timer_off();
	return gic_stop_cpu(off);
}

void arch_interrupts_on(void)
{
	__asm__ volatile("msr daifclr, #2" ::: "memory");
}

void arch_interrupts_off(void)
{
	__asm__ volatile("msr daifset, #2" ::: "memory");
}

/* Volatile, and "memory": the handler may change anything before it ends. */
void arch_interrupts_wait(void)
{
	__asm__ volatile("wfi" ::: "memory");
}

uint64_t arch_timer_rate(void)
{
	return counter_rate();
}

void arch_timer_set(uint64_t ticks)
{
	uint64_t now;

	/* The ISB keeps the counter from being read early. */
	__asm__ volatile("isb\n\tmrs %0, " TIMER_COUNT : "=r"(now) : : "memory");
	__asm__ volatile("msr " TIMER("cval") ", %0\n\tmsr " TIMER("ctl") ", %1\n\tisb"
			 :
			 : "r"(now + ticks), "r"((uint64_t)TIMER_ENABLE)
			 : "memory");
}

/* No bound of its own: what counts here is what every bound is measured by. */
void arch_timer_wait_tick(void)
{
	uint64_t before, now;

	__asm__ volatile("mrs %0, " TIMER_COUNT "\n1:\tmrs %1, " TIMER_COUNT
			 "\n\tsub %1, %1, %0\n\tcbz %1, 1b"
			 : "=&r"(before), "=&r"(now));
}

/*
 * The timer asks for its interrupt as long as it is on and its time is over. So it must be on when
 * the interrupt is taken, or there is none any more; and off before its end, or it comes again. On
 * hardware the line may take some time to fall: then what comes again is spurious, or early.
 */
bool arch_timer_acknowledge(void)
{
	uint32_t id = gic_acknowledge();
	uint64_t mpidr;

	if (id == GIC_NONE)
		return false;
	__asm__("mrs %0, mpidr_el1" : "=r"(mpidr));
	if (id != timer_id)
		tap_bail_out("mpidr %lu: the GIC sends interrupt %u, and all but the timer's, %u, "
			     "were turned off: look for who turns it on",
			     mpidr & MPIDR_AFFINITY, id, timer_id);
	timer_off();
	gic_end(id);
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

	*frame = (struct trap_frame){.x[19] = (uint64_t)entry,
				     .x[20] = (uint64_t)argument,
				     .pc = (uint64_t)thread_start,
				     .pstate = THREAD_PSTATE};
	return frame;
}

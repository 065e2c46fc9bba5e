/* SPDX-License-Identifier: 0BSD */
/*
 * What CPUs do while others come and go: they count, in variables of each kind, allocate variables
 * of their own, look at all copies of these, and free them; and their timer's handler does the same
 * in the middle of it. What they have done they note in plain memory, works[].
 *
 * A sum over all CPUs is that of one moment only if nobody counts. So CPU 0 has all others pause
 * before it looks: it makes ticket odd, and each CPU answers by the number it has seen.
 */
#include <arch/interrupts.h>
#include <kernels/common/kernel.h>
#include <percpu.h>

#include "hotplug.h"

#define TICKS_PER_SECOND 1000
#define TURNS 4		 /* of each CPU that CPU 0 waits for */
#define TURNS_AT_ONCE 32 /* before a CPU rests */
#define ALLOCATE_EVERY 4 /* turns; or ticks, in the handler */
#define FAR_STEP 3

struct counts {
	size_t counted, ticks;
};

struct work works[MAX_CPUS];

static PERCPU_DEFINE(size_t, near_counted);
static PERCPU_DEFINE_FAR(size_t[2], far_counted);
static PERCPU_DEFINE(size_t, near_ticks);

static PERCPU_PTR(struct counts) dynamic; /* there all the time */

/*
 * Renewed while all pause. Stored with release and loaded with acquire, as a handle that all see
 * must be: here the ticket orders it, too.
 */
static PERCPU_PTR(size_t) renewed;

static size_t ticket;
static size_t over; /* 1: who pauses does so for good */

/* "true": it is as it must be. All copies, also of CPUs that are down, are 0 to begin with. */
#define allocate(type, align)                                                                      \
	__extension__({                                                                            \
		PERCPU_PTR(type) mine_ = 0;                                                        \
		bool right_ = !percpu_alloc_aligned(&mine_, align) &&                              \
			      percpu_sum(percpu_at(mine_)[1]) == 0;                                \
                                                                                                   \
		if (right_) {                                                                      \
			percpu_inc(percpu_at(mine_)[1]);                                           \
			right_ = percpu_sum(percpu_at(mine_)[1]) == 1;                             \
		}                                                                                  \
		right_ && !percpu_free(&mine_) && !mine_;                                          \
	})

/* NUMBER chooses which. */
static void allocate_one(struct allocations *noted, size_t number)
{
	bool right;

	if (number % 3 == 0)
		right = allocate(size_t[2], 1);
	else if (number % 3 == 1)
		right = allocate(uint16_t[3], 1);
	else
		right = allocate(uint64_t[20], PERCPU_CACHE_LINE);
	noted->failed += !right;
	noted->made++;
}

static void take_turn(struct work *work)
{
	__typeof__(renewed) turn;

	__atomic_load(&renewed, &turn, __ATOMIC_ACQUIRE);
	percpu_inc(near_counted);
	percpu_add(far_counted[1], FAR_STEP);
	percpu_inc(percpu_at(dynamic).counted);
	percpu_inc(percpu_at(turn));
	work->turned++;
	if (work->counted % ALLOCATE_EVERY == 0)
		allocate_one(&work->allocated, work->counted / ALLOCATE_EVERY);
	/* CPU 0 looks at it while this CPU runs. */
	__atomic_store_n(&work->counted, work->counted + 1, __ATOMIC_RELAXED);
}

static void set_timer(void)
{
	arch_timer_set(arch_timer_rate() / TICKS_PER_SECOND);
}

/* What it notes is nobody else's: it may come in the middle of what the CPU notes. */
struct trap_frame *trap_handle(struct trap_frame *frame, enum trap_kind kind)
{
	struct work *work;

	if (PERCPU_IS_RESTART)
		arch_frame_set_pc(frame, percpu_restart(arch_frame_pc(frame)));
	if (kind != TRAP_TIMER || !arch_timer_acknowledge())
		return frame;
	set_timer();
	work = &works[percpu_cpu_id()];
	if (work->paused)
		return frame;
	percpu_inc(near_ticks);
	percpu_inc(percpu_at(dynamic).ticks);
	work->ticks++;
	if (work->ticks % ALLOCATE_EVERY == 0)
		allocate_one(&work->allocated_by_handler, work->ticks / ALLOCATE_EVERY);
	return frame;
}

void work_prepare(void)
{
	int error = percpu_alloc(&dynamic);

	if (!error)
		error = percpu_alloc(&renewed);
	if (error)
		tap_bail_out("cpu 0 (%s %lu): percpu_alloc: %d: %s", board_hwid_name, cpus[0].hwid,
			     error, percpu_strerror(error));
}

/* The handler sets the timer again, so there is a next interrupt, even if one has just come. */
static void rest(void)
{
	if (interrupted)
		arch_interrupts_wait();
	else
		arch_pause();
}

static void interrupts(bool on)
{
	if (interrupted && on)
		arch_interrupts_on();
	else if (interrupted)
		arch_interrupts_off();
}

/* The timer goes on, or there would be nothing to wait for; but its handler does not count. */
static void pause_if_wanted(size_t cpu)
{
	size_t wanted = __atomic_load_n(&ticket, __ATOMIC_ACQUIRE);
	uint64_t until = board_microseconds() + 3 * WAIT_MICROSECONDS;

	if (wanted % 2 == 0)
		return;
	interrupts(false);
	/* The release pairs with the acquire in work_pause: CPU 0 sees what was counted. */
	__atomic_store_n(&works[cpu].paused, wanted, __ATOMIC_RELEASE);
	interrupts(true);
	/* The acquire pairs with the release in work_resume: what is renewed is there. */
	while (__atomic_load_n(&ticket, __ATOMIC_ACQUIRE) == wanted) {
		if (__atomic_load_n(&over, __ATOMIC_RELAXED))
			arch_halt();
		if (board_microseconds() > until)
			tap_bail_out("cpu %zu (%s %lu) pauses, and CPU 0 does not let it go on: "
				     "see where CPU 0 is with QEMU's -d int",
				     cpu, board_hwid_name, cpus[cpu].hwid);
		rest();
	}
	__atomic_store_n(&works[cpu].paused, 0, __ATOMIC_RELAXED);
}

void work_until_asked(size_t cpu)
{
	struct work *work = &works[cpu];

	if (interrupted)
		set_timer();
	interrupts(true);
	/* That CPU 0 asks is all that it says: nothing hangs on it. */
	while (__atomic_load_n(&work->asked, __ATOMIC_RELAXED) == lives[cpu].gone) {
		pause_if_wanted(cpu);
		for (size_t i = 0; i < TURNS_AT_ONCE; i++)
			take_turn(work);
		rest();
	}
	interrupts(false);
}

void work_on_cpu_0(void)
{
	take_turn(&works[0]);
}

void work_ask(size_t cpu)
{
	__atomic_store_n(&works[cpu].asked, works[cpu].asked + 1, __ATOMIC_RELAXED);
}

static void wait_for_cpu(size_t cpu, const size_t *flag, size_t value, const char *what)
{
	uint64_t until = board_microseconds() + 3 * WAIT_MICROSECONDS;

	if (!wait_for(flag, value, until))
		tap_bail_out("cpu %zu (%s %lu) is up, and has not %s in 30 s: see where it is with "
			     "QEMU's -d int",
			     cpu, board_hwid_name, cpus[cpu].hwid, what);
}

static size_t wanted[MAX_CPUS];

void work_wait_for_turns(void)
{
	percpu_for_each_up (cpu)
		wanted[cpu] = __atomic_load_n(&works[cpu].counted, __ATOMIC_RELAXED) + TURNS;
	percpu_for_each_up (cpu)
		if (cpu)
			wait_for_cpu(cpu, &works[cpu].counted, wanted[cpu], "counted");
}

void work_pause(void)
{
	__atomic_store_n(&ticket, ticket + 1, __ATOMIC_RELEASE);
	percpu_for_each_up (cpu)
		if (cpu)
			wait_for_cpu(cpu, &works[cpu].paused, ticket, "paused");
}

void work_resume(void)
{
	__atomic_store_n(&ticket, ticket + 1, __ATOMIC_RELEASE);
}

/* The machine may not turn off: nobody is to miss CPU 0 then. Nothing hangs on the flag. */
void work_end(void)
{
	work_pause();
	__atomic_store_n(&over, 1, __ATOMIC_RELAXED);
}

bool work_is_exact(void)
{
	size_t counted = 0, ticks = 0, turned = 0;

	for (size_t cpu = 0; cpu < cpu_count; cpu++) {
		counted += works[cpu].counted;
		ticks += works[cpu].ticks;
		turned += works[cpu].turned;
	}
	return percpu_sum(near_counted) == counted &&
	       percpu_sum(far_counted[1]) == FAR_STEP * counted &&
	       percpu_sum(far_counted[0]) == 0 &&
	       percpu_sum(percpu_at(dynamic).counted) == counted &&
	       percpu_sum(percpu_at(renewed)) == turned && percpu_sum(near_ticks) == ticks &&
	       percpu_sum(percpu_at(dynamic).ticks) == ticks;
}

bool work_renew(void)
{
	__typeof__(renewed) before = renewed, after = 0;

	/* Both live for a moment, or the second would have the place of the first each time. */
	if (percpu_alloc(&after) || percpu_free(&before) || percpu_sum(percpu_at(after)) != 0)
		return false;
	for (size_t cpu = 0; cpu < cpu_count; cpu++) {
		if (percpu_read_on(percpu_at(after), cpu) != 0)
			return false;
		works[cpu].turned = 0;
	}
	__atomic_store(&renewed, &after, __ATOMIC_RELEASE);
	return true;
}

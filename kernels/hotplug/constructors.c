/* SPDX-License-Identifier: 0BSD */
/*
 * The constructors of this kernel, five in an order of their own: by level, then by name, whatever
 * the order of this file is. Each looks whether it is its turn. The second of level 20 readies the
 * CPU's timer; that of level 50 refuses when it is told to, so that what is below it has to be
 * undone, and what is above it must not have been called.
 */
#include <arch/interrupts.h>
#include <kernels/common/kernel.h>
#include <percpu.h>

#include "hotplug.h"

enum { CONSTRUCTORS = 5, PLACE_OF_TIMER = 2, PLACE_OF_REFUSAL = 3 };
#define REFUSED (-4096) /* the kernel's own: those above are the library's */

/* Every so many times that a CPU comes, the first time among them, it is refused once. */
#define REFUSED_EVERY 8

struct life lives[MAX_CPUS];
bool interrupted;
const char *why_not_interrupted;

static bool refuse[MAX_CPUS];

/* Held against lives[]: what is in the area stays. The second is in none of the near window. */
static PERCPU_DEFINE(size_t, constructed);
static PERCPU_DEFINE_FAR(size_t[4], kept);

static int construct(size_t cpu, size_t place)
{
	struct life *life = &lives[cpu];

	life->disorder += life->depth != place || percpu_cpu_id() != cpu;
	if (place == PLACE_OF_REFUSAL && refuse[cpu]) {
		refuse[cpu] = false;
		return REFUSED;
	}
	life->depth++;
	life->called++;
	percpu_inc(constructed);
	return 0;
}

static void undo(size_t cpu, size_t place)
{
	struct life *life = &lives[cpu];

	life->disorder += life->depth != place + 1 || percpu_cpu_id() != cpu;
	life->depth--;
	life->undone++;
}

static int last_up(size_t cpu)
{
	return construct(cpu, CONSTRUCTORS - 1);
}

static void last_down(size_t cpu)
{
	undo(cpu, CONSTRUCTORS - 1);
}

static int refusing_up(size_t cpu)
{
	return construct(cpu, PLACE_OF_REFUSAL);
}

static void refusing_down(size_t cpu)
{
	undo(cpu, PLACE_OF_REFUSAL);
}

/* Nothing of the timer stays through a stop. Without one, CPU 0, which comes first, says why. */
static int timer_up(size_t cpu)
{
	const char *error = cpu == 0 || interrupted ? arch_interrupts_init(cpu) : NULL;

	if (cpu == 0) {
		interrupted = !error;
		why_not_interrupted = error;
	} else if (error) {
		tap_bail_out("cpu %zu (%s %lu): interrupts: %s", cpu, board_hwid_name,
			     cpus[cpu].hwid, error);
	}
	return construct(cpu, PLACE_OF_TIMER);
}

static void timer_down(size_t cpu)
{
	undo(cpu, PLACE_OF_TIMER);
}

static int before_the_timer_up(size_t cpu)
{
	return construct(cpu, 1);
}

static void before_the_timer_down(size_t cpu)
{
	undo(cpu, 1);
}

static int first_up(size_t cpu)
{
	return construct(cpu, 0);
}

static void first_down(size_t cpu)
{
	undo(cpu, 0);
}

PERCPU_CONSTRUCT(90, last, last_up, last_down);
PERCPU_CONSTRUCT(20, timer, timer_up, timer_down);
PERCPU_CONSTRUCT(50, refusing, refusing_up, refusing_down);
PERCPU_CONSTRUCT(20, before_the_timer, before_the_timer_up, before_the_timer_down);
PERCPU_CONSTRUCT(10, first, first_up, first_down);

/* A constructor that fails leaves all as it was: the state, the register, the constructors. */
static void be_refused(size_t cpu, int state)
{
	struct life *life = &lives[cpu];
	size_t outstanding = life->called - life->undone;
	void *area = percpu_get_local_thread_pointer();

	refuse[cpu] = true;
	life->refused++;
	life->mistakes += percpu_cpu_up(cpu) != REFUSED || percpu_cpu_state(cpu) != state ||
			  percpu_get_local_thread_pointer() != area || life->depth != 0 ||
			  life->called - life->undone != outstanding || refuse[cpu];
}

/* What the CPU wrote into its area the last time is there, or, the first time, nothing. */
static void look_at_what_was_kept(size_t cpu)
{
	struct life *life = &lives[cpu];

	for (size_t i = 0; i < 4; i++)
		life->forgotten += percpu_read(kept[i]) != life->came * (i + 1);
	life->forgotten += percpu_read(constructed) != life->called;
	life->came++;
	for (size_t i = 0; i < 4; i++)
		percpu_write(kept[i], life->came * (i + 1));
}

/*
 * The boot code has bound each CPU that gets here. percpu_cpu_up must bind one whose register is 0
 * too, and leave it at 0 if a constructor fails. So it is cleared, but each third time.
 */
static void unbind(size_t cpu)
{
	if (lives[cpu].came % 3 != 2)
		percpu_arch_set_register(0);
}

void life_begin(size_t cpu)
{
	int state = lives[cpu].came ? PERCPU_CPU_DOWN : PERCPU_CPU_ABSENT;
	int error;

	lives[cpu].mistakes += percpu_cpu_state(cpu) != state;
	unbind(cpu);
	if (lives[cpu].came % REFUSED_EVERY == 0)
		be_refused(cpu, state);
	error = percpu_cpu_up(cpu);
	if (error)
		tap_bail_out("cpu %zu (%s %lu): percpu_cpu_up: %d: %s", cpu, board_hwid_name,
			     cpus[cpu].hwid, error, percpu_strerror(error));
	look_at_what_was_kept(cpu);
	wrong_while_up(cpu);
}

void life_end(size_t cpu)
{
	int error;

	lives[cpu].gone++;
	error = percpu_cpu_down(cpu);
	if (error)
		tap_bail_out("cpu %zu (%s %lu): percpu_cpu_down: %d: %s", cpu, board_hwid_name,
			     cpus[cpu].hwid, error, percpu_strerror(error));
	wrong_while_dying(cpu);
}

bool life_is_whole(size_t cpu, bool up)
{
	const struct life *life = &lives[cpu];

	return life->depth == (up ? CONSTRUCTORS : 0) &&
	       life->called - life->undone == life->depth && !life->disorder &&
	       life->came - life->gone == up &&
	       percpu_cpu_state(cpu) == (up ? PERCPU_CPU_UP : PERCPU_CPU_DOWN) &&
	       percpu_read_on(constructed, cpu) == life->called;
}

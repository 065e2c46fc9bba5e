/* SPDX-License-Identifier: 0BSD */
/*
 * smp: the main job. All CPUs are started at once. Each is bound to its area (by the architecture's
 * boot.S, before its first line of C), looks for the initial values, then writes its number into
 * CPU_ID and reads it back ROUNDS times while all the others do the same, counting in a byte whose
 * neighbours must not move. CPU 0 then reads everyone's copy.
 *
 * It fails if two CPUs share an area, if an initial value is lost, if a write reaches another CPU,
 * a neighbour, the template, or anything outside the areas, or if a CPU does not come.
 *
 * What each CPU found goes into reports[], plain memory indexed by the number that the boot code
 * gave it, so a wrong per-CPU area cannot hide itself. The run's seed=, from the command line, is
 * mixed into what each CPU writes: old output cannot pass for new. With also=, the list gets one
 * more CPU, with that hardware id: one that cannot be started, to see how that is reported. With
 * outside=0 the memory outside is not looked at, which is megabytes: to start often.
 *
 * Options: seed=NUMBER, also=ID, outside=0.
 */
#include <kernels/common/kernel.h>
#include <percpu.h>

#include "smp.h"

#define ROUNDS 5000

PERCPU_DEFINE(size_t, CPU_ID) = 0;
static PERCPU_DEFINE(uint64_t, mark);
static PERCPU_DEFINE(uint8_t[3], bytes) = {17, 0, 34};
static PERCPU_DEFINE_FAR(uint32_t[2000], far_counts);

static struct report {
	const char *wrong_initial;
	size_t wrong_reads;
	uintptr_t address; /* of CPU_ID, as this CPU sees it */
	uintptr_t thread_pointer;
	bool register_right;
	size_t done;
} __attribute__((aligned(64))) reports[MAX_CPUS];

static size_t go;
static uint64_t seed;
static uint64_t look_outside = 1;

static uint64_t mark_of(size_t cpu)
{
	return seed ^ cpu * 0x9e3779b97f4a7c15;
}

static void do_rounds(size_t cpu, struct report *report)
{
	for (size_t round = 0; round < ROUNDS; round++) {
		percpu_write(CPU_ID, cpu);
		report->wrong_reads += percpu_read(CPU_ID) != cpu;
		percpu_inc(bytes[1]);
		INC_AT(far_counts, round % 2000);
		percpu_write(mark, mark_of(cpu));
	}
}

static void work(size_t cpu)
{
	struct report *report = &reports[cpu];

	report->wrong_initial = wrong_initial_value();
	/* Longer than CPU 0 waits for CPUs that never come. */
	if (!wait_while(&go, 1, &cpus_answered, 6 * WAIT_MICROSECONDS))
		tap_bail_out("cpu %zu: CPU 0 has not released it, and no other CPU has come, for "
			     "60 s",
			     cpu);
	do_rounds(cpu, report);
	report->address = (uintptr_t)percpu_ptr(CPU_ID);
	report->thread_pointer = (uintptr_t)percpu_get_local_thread_pointer();
	report->register_right = percpu_arch_get_register() ==
				 PERCPU_ARCH_REGISTER(percpu_area_base(cpu), PERCPU__TEMPLATE);
	/* The release pairs with the acquire in wait_for: the report is complete. */
	__atomic_store_n(&report->done, 1, __ATOMIC_RELEASE);
}

/* What CPU 0 finds in the area of CPU. */
static bool remote_right(size_t cpu)
{
	uint8_t(*b)[3] = percpu_ptr_on(bytes, cpu);

	return percpu_read_on(CPU_ID, cpu) == cpu && percpu_read_on(mark, cpu) == mark_of(cpu) &&
	       (*b)[0] == INITIAL(17) && (*b)[1] == (uint8_t)ROUNDS && (*b)[2] == INITIAL(34) &&
	       percpu_read_on(far_counts[0], cpu) == 3 &&
	       percpu_read_on(far_counts[1999], cpu) == 2;
}

static void report_cpu(size_t cpu)
{
	struct report *r = &reports[cpu];
	struct cpu *c = &cpus[cpu];

	if (c->error) {
		tap_ok(false, "cpu %zu (%s %lu) does not run: %s (%ld)", cpu, board_hwid_name,
		       c->hwid, c->error, c->error_code);
		return;
	}
	if (!wait_for(&r->done, 1, board_microseconds() + 6 * WAIT_MICROSECONDS))
		tap_bail_out("cpu %zu (%s %lu) started its rounds but did not end them within "
			     "60 s",
			     cpu, board_hwid_name, c->hwid);
	tap_ok(!r->wrong_initial, "S1 cpu %zu finds every initial value%s%s", cpu,
	       r->wrong_initial ? ", but not " : "", r->wrong_initial ? r->wrong_initial : "");
	tap_ok(r->wrong_reads == 0 && r->register_right &&
		       r->thread_pointer == (uintptr_t)percpu_area_base(cpu),
	       "cpu %zu (%s %lu) reads CPU_ID %zu at %p, offset %x, rounds %u", cpu,
	       board_hwid_name, c->hwid, percpu_read_on(CPU_ID, cpu), (void *)r->address,
	       (unsigned)percpu_offset(CPU_ID), ROUNDS);
	tap_ok(remote_right(cpu), "CPU 0 reads cpu %zu's copies: CPU_ID %zu, mark %lx", cpu,
	       percpu_read_on(CPU_ID, cpu), percpu_read_on(mark, cpu));
}

static void report_all(size_t online)
{
	const char *changed;
	int reset;

	for (size_t cpu = 0; cpu < cpu_count; cpu++)
		report_cpu(cpu);
	tap_ok(percpu_sum(far_counts[0]) == 3 * online, "percpu_sum adds all copies: %lu",
	       percpu_sum(far_counts[0]));
	reset = percpu_reset(bytes);
	tap_ok(AREA_0_IS_TEMPLATE
		       ? reset == PERCPU_ENOTEMPLATE
		       : reset == 0 && percpu_read(bytes[0]) == 17 && percpu_read(bytes[1]) == 0,
	       AREA_0_IS_TEMPLATE ? "percpu_reset has no initial value to bring back"
				  : "percpu_reset brings the initial value back");
	if (!look_outside)
		return;
	changed = outside_changed();
	tap_ok(!changed, "S2 nothing outside the areas changed%s%s", changed ? ", but " : "",
	       changed ? changed : "");
}

/* CPU 0's area first where that can be, and in it a value that must stay. */
static int make_areas(void)
{
	int error = AREA_0_IS_TEMPLATE ? percpu_init(cpu_count) : percpu_early_init();

	if (!error && AREA_0_IS_TEMPLATE)
		error = percpu_set_local_thread_pointer(0);
	if (!error)
		percpu_write(CPU_ID, 4711);
	return error || AREA_0_IS_TEMPLATE ? error : percpu_init(cpu_count);
}

void kernel_main(void)
{
	uint64_t also;
	size_t online;
	int error;

	if (option("also", &also) && cpu_count < MAX_CPUS)
		cpus[cpu_count++].hwid = also;
	(void)option("seed", &seed);
	(void)option("outside", &look_outside);
	error = make_areas();
	if (error)
		tap_bail_out("percpu_init(%zu): %s", cpu_count, percpu_strerror(error));
	if (look_outside)
		outside_remember();
	online = cpus_start(work);
	tap_plan(3 * online + (cpu_count - online) + (look_outside ? 4 : 3));
	tap_ok(percpu_read(CPU_ID) == 4711,
	       AREA_0_IS_TEMPLATE
		       ? "what CPU 0 wrote survives the start of the others"
		       : "what CPU 0 wrote after percpu_early_init survives percpu_init");
	/* The release pairs with the acquire in wait_for. */
	__atomic_store_n(&go, 1, __ATOMIC_RELEASE);
	work(0);
	report_all(online);
}

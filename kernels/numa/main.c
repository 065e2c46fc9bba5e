/* SPDX-License-Identifier: 0BSD */
/*
 * numa: each CPU's area in its own node. The firmware's tables say which node CPUs and RAM are in;
 * each area is placed in free RAM of its CPU's node, or, where that has none, of the node that is
 * nearest to it, and percpu_init_each is told where they are. Then all CPUs are started, and count
 * in their areas.
 *
 * It fails if an area is not where the tables want it, or lies where something else is; if what is
 * no list of areas is taken for one, or a refused one changes anything; if a CPU uses another area
 * than its own, a count is lost, or a byte in front of an area or behind it changes.
 *
 * Behind each area lies memory that percpu_grow takes for dynamic variables: grown.h.
 *
 * The memory of areas is filled before: what is in RAM by chance is no initial value. CPU 0 has
 * its variables before all that, by percpu_early_init, and takes them along.
 */
#include <kernels/common/kernel.h>
#include <percpu.h>

#include "grown.h"
#include "place.h"
#include "refused.h"

#define ROUNDS 2000
#define START 5
#define FILLED 0xa5

/* CPU 0's CPU_ID before there are areas, where that can be. */
#define WRITTEN 4711

PERCPU_DEFINE(size_t, CPU_ID) = 0;
static PERCPU_DEFINE(uint64_t, count) = START;
static PERCPU_DEFINE_FAR(uint32_t[2000], far_counts);

/* Of each CPU: an area, what is grown behind it, a guard in front of that and one behind. */
static struct place places[MAX_CPUS];
static uint32_t nodes[MAX_CPUS];
static uint64_t guard;

/* The library's from percpu_init_each on. */
static void *areas[MAX_CPUS];

static struct report {
	size_t wrong_initial;
	uintptr_t thread_pointer, address;
	size_t done;
} __attribute__((aligned(64))) reports[MAX_CPUS];

static size_t go;

static void fill(const struct place *place)
{
	unsigned char *bytes = (unsigned char *)place->start; /* NOLINT: mapped one to one */

	for (uint64_t i = 0; i < place->size; i++)
		bytes[i] = FILLED;
}

static bool is_filled(uint64_t start, uint64_t size)
{
	const unsigned char *bytes = (const unsigned char *)start; /* NOLINT: likewise */

	for (uint64_t i = 0; i < size; i++)
		if (bytes[i] != FILLED)
			return false;
	return true;
}

static bool guards_filled(size_t cpu)
{
	const struct place *place = &places[cpu];

	return is_filled(place->start, guard) &&
	       is_filled(place->start + place->size - guard, guard);
}

bool all_untouched(void)
{
	for (size_t cpu = 0; cpu < cpu_count; cpu++)
		if (!is_filled(places[cpu].start, places[cpu].size))
			return false;
	return !EARLY || percpu_read(CPU_ID) == WRITTEN;
}

static void place_area(size_t cpu)
{
	struct place *place = &places[cpu];

	if (!board_node_of(cpus[cpu].hwid, &nodes[cpu]))
		tap_bail_out("cpu %zu (%s %lu) is in no node, or in two, by the firmware's tables: "
			     "it needs other tables",
			     cpu, board_hwid_name, cpus[cpu].hwid);
	if (!place_take(nodes[cpu], percpu_area_size() + GROWN_SIZE + 2 * guard,
			percpu_area_align(), place))
		tap_bail_out("cpu %zu (%s %lu), of node %u: no RAM that it reaches has room for an "
			     "area: give the machine more, in this node or another",
			     cpu, board_hwid_name, cpus[cpu].hwid, nodes[cpu]);
	if (!arch_map_ram(place->start, place->size))
		tap_bail_out("cpu %zu (%s %lu): its area, at %lx, lies where this kernel cannot "
			     "map it: see arch_map_ram of this architecture",
			     cpu, board_hwid_name, cpus[cpu].hwid, place->start);
	fill(place);
	areas[cpu] = (void *)(place->start + guard); /* NOLINT: mapped one to one */
}

static void place_areas(void)
{
	const char *error = places_find();

	if (error)
		tap_bail_out("cpu 0: %s", error);
	places_print();
	guard = percpu_area_align();
	for (size_t cpu = 0; cpu < cpu_count; cpu++)
		place_area(cpu);
}

static void report_places(void)
{
	for (size_t cpu = 0; cpu < cpu_count; cpu++) {
		const char *wrong = place_wrong(nodes[cpu], percpu_area_align(), &places[cpu]);

		tap_ok(!wrong,
		       "cpu %zu (%s %lu) of node %u has its area at %p, in node %u, distance "
		       "%u%s%s",
		       cpu, board_hwid_name, cpus[cpu].hwid, nodes[cpu], areas[cpu],
		       places[cpu].node, places[cpu].distance, wrong ? ", but " : "",
		       wrong ? wrong : "");
	}
}

static void work(size_t cpu)
{
	struct report *report = &reports[cpu];

	report->wrong_initial =
		percpu_read(count) != INITIAL(START) || percpu_read(CPU_ID) != (cpu ? 0 : WRITTEN);
	/* Longer than CPU 0 waits for CPUs that never come. */
	if (!wait_while(&go, 1, &cpus_answered, 6 * WAIT_MICROSECONDS))
		tap_bail_out("cpu %zu: CPU 0 has not released it, and no other CPU has come, for "
			     "60 s",
			     cpu);
	percpu_write(CPU_ID, cpu);
	for (size_t round = 0; round < ROUNDS; round++) {
		percpu_inc(count);
		percpu_inc(far_counts[round % 2000]);
		grown_count();
	}
	report->address = (uintptr_t)percpu_ptr(count);
	report->thread_pointer = (uintptr_t)percpu_get_local_thread_pointer();
	/* The release pairs with the acquire in wait_for: the report is complete. */
	__atomic_store_n(&report->done, 1, __ATOMIC_RELEASE);
}

/* What the CPU saw, and what CPU 0 sees of it. */
static void report_cpu(size_t cpu)
{
	struct report *r = &reports[cpu];
	uintptr_t area = (uintptr_t)areas[cpu];

	if (cpus[cpu].error) {
		tap_ok(false, "cpu %zu (%s %lu) does not run: %s (%ld)", cpu, board_hwid_name,
		       cpus[cpu].hwid, cpus[cpu].error, cpus[cpu].error_code);
		return;
	}
	if (!wait_for(&r->done, 1, board_microseconds() + 6 * WAIT_MICROSECONDS))
		tap_bail_out("cpu %zu (%s %lu) started to count but did not end within 60 s", cpu,
			     board_hwid_name, cpus[cpu].hwid);
	tap_ok(!r->wrong_initial && r->thread_pointer == area &&
		       r->address == area + percpu_offset(count),
	       "cpu %zu finds initial values, and its register and percpu_ptr lead to its area",
	       cpu);
	tap_ok((uintptr_t)percpu_area_base(cpu) == area &&
		       (uintptr_t)percpu_ptr_on(count, cpu) == area + percpu_offset(count) &&
		       percpu_read_on(CPU_ID, cpu) == cpu &&
		       percpu_read_on(count, cpu) == INITIAL(START) + ROUNDS &&
		       percpu_read_on(far_counts[1999], cpu) == 1,
	       "CPU 0 finds cpu %zu's copies there: CPU_ID %zu, count %lu", cpu,
	       percpu_read_on(CPU_ID, cpu), percpu_read_on(count, cpu));
}

static void report_all(size_t online)
{
	size_t kept = 0;

	for (size_t cpu = 0; cpu < cpu_count; cpu++)
		report_cpu(cpu);
	tap_ok(percpu_sum(count) == INITIAL(START) * cpu_count + ROUNDS * online,
	       "percpu_sum adds all copies: %lu", percpu_sum(count));
	grown_report(ROUNDS, online);
	for (size_t cpu = 0; cpu < cpu_count; cpu++)
		kept += guards_filled(cpu);
	tap_ok(kept == cpu_count, "nothing in front of an area or behind it has changed");
}

/* CPU 0 takes what it has written along. */
static void make_areas(void)
{
	int error = percpu_init_each(areas, cpu_count);

	if (!EARLY && !error)
		error = percpu_set_local_thread_pointer(0);
	if (!EARLY && !error)
		percpu_write(CPU_ID, WRITTEN);
	tap_ok(!error && percpu_read(CPU_ID) == WRITTEN &&
		       percpu_get_local_thread_pointer() == areas[0],
	       "percpu_init_each(%zu) makes the areas, and CPU 0's is where it is to be: %s",
	       cpu_count, percpu_strerror(error));
	tap_ok(percpu_init_each(areas, cpu_count) == PERCPU_EALREADY,
	       "a second percpu_init_each is refused");
}

void kernel_main(void)
{
	int error = EARLY ? percpu_early_init() : 0;
	size_t online;

	if (error)
		tap_bail_out("cpu 0: percpu_early_init: %s", percpu_strerror(error));
	if (EARLY)
		percpu_write(CPU_ID, WRITTEN);
	place_areas();
	tap_plan(3 * cpu_count + REFUSALS + GROWN_TESTS + 4);
	report_places();
	report_refusals(areas, cpu_count);
	make_areas();
	grown_init();
	online = cpus_start(work);
	/* The release pairs with the acquire in wait_while. */
	__atomic_store_n(&go, 1, __ATOMIC_RELEASE);
	work(0);
	report_all(online);
}

/* SPDX-License-Identifier: MIT */
/*
 * percpu_counter: the sum is exact and a read within its error, whoever adds how much where, and
 * whatever comes between the two halves of an add: a handler that adds, or a move to another CPU.
 */
#include <percpu/counter.h>

#include <limits.h>
#include <stdlib.h>

#include "common/blocks.h"
#include "common/unit.h"

#define NCPU 8
#define ROUNDS 20000
#define BATCH 64

static struct percpu_counter counter;

static void make(size_t ncpu, size_t batch)
{
	blocks_init(ncpu);
	CHECK(percpu_counter_init(&counter, batch) == 0);
	CHECK(percpu_counter_read(&counter) == 0 && percpu_counter_sum(&counter) == 0);
}

/* At rest the error is smaller than it may be. */
static bool within(void)
{
	uintptr_t off =
		(uintptr_t)percpu_counter_sum(&counter) - (uintptr_t)percpu_counter_read(&counter);

	return (size_t)labs((intptr_t)off) < percpu_counter_error(&counter);
}

static void exact(void)
{
	intptr_t total = 0;

	make(NCPU, BATCH);
	for (int round = 0; round < ROUNDS; round++) {
		int kind = rand() % 8;
		intptr_t amount = kind == 0 ? rand() - RAND_MAX / 2 : rand() % 9 - 4;

		blocks_move((size_t)rand() % NCPU);
		percpu_counter_add(&counter, amount);
		total += amount;
		CHECK(percpu_counter_sum(&counter) == total);
		CHECK(within());
	}
}

/* All CPUs go the same way, by ones: the largest error that there can be. */
static void drifts(void)
{
	make(NCPU, BATCH);
	for (int direction = -1; direction <= 1; direction += 2) {
		for (size_t step = 0; step < NCPU * BATCH * 4; step++) {
			blocks_move(step % NCPU);
			percpu_counter_add(&counter, direction);
			CHECK(within());
		}
	}
	CHECK(percpu_counter_sum(&counter) == 0);
}

static void batches(void)
{
	static const size_t asked[] = {0, 1, 2, 3, 4, 7, 8, 1000, (size_t)1 << 40};
	static const size_t had[] = {2, 2, 2, 2, 4, 4, 8, 512, (size_t)1 << 40};

	blocks_init(1);
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		CHECK(percpu_counter_init(&counter, asked[i]) == 0);
		CHECK(percpu_counter_error(&counter) == had[i]);
		for (int step = 0; step < 5000; step++) {
			percpu_counter_add(&counter, step % 3 ? 1 : -1);
			CHECK(within());
		}
		CHECK(percpu_counter_fini(&counter) == 0);
	}
}

/*
 * The total is shared: to write it each time is what a counter is there to avoid. Once for each
 * batch is right.
 */
static void to_and_fro(void)
{
	size_t written = 0;

	make(1, BATCH);
	for (intptr_t start = 0; start < BATCH; start++) {
		intptr_t before = percpu_counter_read(&counter);

		for (int round = 0; round < 100; round++) {
			percpu_counter_add(&counter, round % 2 ? -1 : 1);
			written += percpu_counter_read(&counter) != before;
			before = percpu_counter_read(&counter);
		}
		percpu_counter_add(&counter, 1);
	}
	CHECK(written <= 1);
}

/* The first half of an add, then what comes in between, then the second half, perhaps elsewhere. */
static void add_interrupted(int depth, intptr_t *total)
{
	intptr_t amount = rand() % 200 - 100;
	uintptr_t after = (uintptr_t)percpu_add_return(percpu_at(counter.part).count, amount);

	*total += amount;
	CHECK(percpu_counter_sum(&counter) == *total);
	if (depth)
		add_interrupted(depth - 1, total);
	blocks_move((size_t)rand() % NCPU);
	if ((after ^ (after - (uintptr_t)amount)) & counter.grid)
		_percpu_counter_cross(&counter, after - (uintptr_t)amount, after);
}

static void interrupted(void)
{
	intptr_t total = 0;

	make(NCPU, BATCH);
	for (int round = 0; round < ROUNDS; round++) {
		add_interrupted(round % 4, &total);
		CHECK(within());
	}
}

static void wraps(void)
{
	make(2, BATCH);
	percpu_counter_add(&counter, INTPTR_MAX);
	blocks_move(1);
	percpu_counter_add(&counter, 2);
	CHECK(percpu_counter_sum(&counter) == INTPTR_MIN + 1);
	CHECK(within());
}

static void count_up(size_t cpu)
{
	for (size_t round = 0; round < ROUNDS; round++)
		percpu_counter_add(&counter, 1 + (intptr_t)((cpu + round) % 3 / 2));
}

/* All that count_up adds, on all CPUs. */
static intptr_t counted(void)
{
	intptr_t total = 0;

	for (size_t cpu = 1; cpu < NCPU; cpu++)
		for (size_t round = 0; round < ROUNDS; round++)
			total += 1 + (intptr_t)((cpu + round) % 3 / 2);
	return total;
}

static void never_back(void)
{
	intptr_t last = 0;

	while (blocks_running()) {
		intptr_t now = percpu_counter_sum(&counter);

		CHECK(now >= last && now <= counted());
		last = now;
	}
}

static void threads_sum(void)
{
	make(NCPU, BATCH);
	blocks_run(NCPU, count_up, never_back);
	CHECK(percpu_counter_sum(&counter) == counted());
	CHECK(within());
}

/* Of a thread that adds 1 and takes it away again the number has 0 or 1 at any time. */
static void pairs(size_t cpu)
{
	intptr_t size = (intptr_t)cpu * 5 + 1;

	for (int round = 0; round < ROUNDS; round++) {
		percpu_counter_add(&counter, size);
		percpu_counter_add(&counter, -size);
	}
}

static void read_within(void)
{
	/* Each thread's pair, and one add of it under way. */
	intptr_t pair = NCPU * 5, most = (intptr_t)percpu_counter_error(&counter) + NCPU * pair +
					 NCPU * (BATCH + pair);

	while (blocks_running()) {
		intptr_t now = percpu_counter_read(&counter);

		CHECK(now <= most && now >= -most);
	}
}

static void threads_read(void)
{
	make(NCPU, BATCH);
	blocks_run(NCPU, pairs, read_within);
	CHECK(percpu_counter_sum(&counter) == 0);
	CHECK(within());
}

#define COMINGS 100

/* A CPU that comes, adds, and goes, again and again. */
static void come_and_go(size_t cpu)
{
	for (int round = 0; round < COMINGS; round++) {
		if (percpu_cpu_up(cpu))
			return;
		for (int i = 0; i < 100; i++)
			percpu_counter_add(&counter, 3);
		if (percpu_cpu_down(cpu))
			return;
		while (percpu_cpu_state(cpu) == PERCPU_CPU_DYING)
			arch_pause();
	}
}

/* Says of those that have stopped that they have. */
static void confirm(void)
{
	intptr_t last = 0;

	while (blocks_running()) {
		intptr_t now = percpu_counter_sum(&counter);

		CHECK(now >= last);
		last = now;
		percpu_for_each (cpu)
			if (percpu_cpu_state(cpu) == PERCPU_CPU_DYING) {
				int error = percpu_cpu_dead(cpu);

				/* It is DYING from before its constructors are undone. */
				CHECK(error == 0 || error == PERCPU_ESTATE);
			}
	}
}

static void hotplug(void)
{
	make(NCPU, BATCH);
	blocks_run(NCPU, come_and_go, confirm);
	CHECK(percpu_counter_sum(&counter) == (intptr_t)(NCPU - 1) * COMINGS * 300);
	CHECK(within());
}

static void ends(void)
{
	static struct percpu_counter none;

	CHECK(percpu_counter_fini(&none) == 0);
	make(2, BATCH);
	percpu_counter_add(&counter, 1000);
	CHECK(percpu_counter_fini(&counter) == 0 && !counter.part);
	CHECK(percpu_counter_fini(&counter) == 0);
	CHECK(percpu_counter_init(&counter, BATCH) == 0);
	CHECK(percpu_counter_sum(&counter) == 0 && percpu_counter_read(&counter) == 0);
}

static void made_twice(void)
{
	make(2, BATCH);
	percpu_counter_add(&counter, 5);
	CHECK(percpu_counter_init(&counter, 2) == PERCPU_EALREADY);
	CHECK(percpu_counter_sum(&counter) == 5);
	CHECK(percpu_counter_error(&counter) == 2 * BATCH);
}

static void no_room(void)
{
	make(2, BATCH);
	for (;;) {
		struct percpu_counter another = {0};
		int error = percpu_counter_init(&another, BATCH);

		if (error) {
			CHECK(error == PERCPU_ENOMEM && !another.part && !another.grid);
			break;
		}
	}
	percpu_counter_add(&counter, 5);
	CHECK(percpu_counter_sum(&counter) == 5);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"the sum is exact, and a read within its error, after each add", exact},
		{"a read is within its error if all CPUs go one way", drifts},
		{"a batch is rounded down to a power of two, and holds", batches},
		{"a count that goes to and fro leaves the shared total alone", to_and_fro},
		{"an add that is interrupted by adds, and moved, loses nothing", interrupted},
		{"numbers wrap around", wraps},
		{"a sum while others add never goes back, and is exact at the end", threads_sum},
		{"a read while others add is within its error", threads_read},
		{"CPUs come and go a hundred times, and nothing is lost", hotplug},
		{"a counter ends, and begins again at 0", ends},
		{"a counter that is there is not made again", made_twice},
		{"without room there is no counter, and those there are go on", no_room},
	};

	UNIT_RUN(tests);
}

/* SPDX-License-Identifier: MIT */
/*
 * Threads as CPUs that make dynamic variables, hand them to one another, use and end them, while
 * memory is given and taken back, and CPUs come and go. It fails if two have one variable, if an
 * update is lost, if a variable is not 0 on every CPU at first, if a sum is ever less than it was,
 * or is not exact in the end, or if a constructor is not undone once for each time it ran. The
 * thread sanitizer says if anything of that is a matter of luck.
 */
#include <percpu.h>

#include <pthread.h>
#include <unistd.h>

#include "common/dynamic.h"

enum { NCPU = 6, SLOTS = 16, CYCLES = 100 };

typedef PERCPU_PTR(uint64_t[8]) handle;

static PERCPU_PTR(uint64_t) total;
/* Of variables on their way from one CPU to another. */
static uintptr_t slots[SLOTS];
static pthread_barrier_t all_there;
/* What each thread found to be wrong, and what it has added. */
static size_t wrong[NCPU], added[NCPU];
static bool over;
/* How often each does what it does. */
static size_t rounds;

/* A thread that acts as the CPU of this number. */
static pthread_t start(void *(*run)(void *), size_t cpu)
{
	static size_t numbers[NCPU];
	pthread_t thread;

	numbers[cpu] = cpu;
	if (pthread_create(&thread, NULL, run, &numbers[cpu]))
		tap_bail_out("cannot start a thread: see ulimit -u");
	return thread;
}

static size_t as_cpu(void *argument)
{
	size_t cpu = *(size_t *)argument;

	wrong[cpu] += percpu_set_local_thread_pointer(cpu) != 0;
	pthread_barrier_wait(&all_there);
	return cpu;
}

static uint64_t next(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 33;
}

/* Makes one, 0 everywhere, that has this CPU's mark in its own copy. 0 if there is no room. */
static uintptr_t make(size_t cpu)
{
	handle h;

	if (percpu_alloc(&h))
		return 0;
	percpu_for_each (other)
		for (size_t i = 0; i < 8; i++)
			wrong[cpu] += percpu_read_on(percpu_at(h)[i], other) != 0;
	percpu_write(percpu_at(h)[cpu % 8], cpu + 1);
	return (uintptr_t)h;
}

/* Uses and ends what another has made: there is one mark, and what is added here. */
static void use(size_t cpu, uintptr_t number)
{
	handle h = (handle)number;
	size_t marks = 0;

	for (size_t i = 0; i < 8; i++)
		marks += percpu_sum(percpu_at(h)[i]) != 0;
	percpu_add(percpu_at(h)[7], 1000);
	wrong[cpu] += marks != 1 || percpu_sum(percpu_at(h)[7]) != 1000;
	wrong[cpu] += percpu_free(&h) != 0;
}

static void *hand_over(void *argument)
{
	size_t cpu = as_cpu(argument);
	uint64_t state = cpu;

	for (size_t round = 0; round < rounds; round++) {
		uintptr_t mine = next(&state) % 2 ? make(cpu) : 0;
		/* The release of who has put one there pairs with the acquire of who takes it. */
		uintptr_t other =
			__atomic_exchange_n(&slots[next(&state) % SLOTS], mine, __ATOMIC_ACQ_REL);

		percpu_inc(percpu_at(total));
		if (other)
			use(cpu, other);
	}
	return NULL;
}

/* On CPU 0, meanwhile: more memory, and the same back when nobody has it. */
static void give_and_take(void)
{
	size_t bytes = 2048;
	char *memory = aligned_alloc(4096, percpu_areas_size(percpu_area_num()));
	void *map = malloc(percpu_map_size(bytes));
	uint64_t before = 0, now;

	for (size_t round = 0; round < rounds / 15; round++) {
		CHECK(percpu_grow(memory, bytes, map) == 0);
		now = percpu_sum(percpu_at(total));
		CHECK(now >= before);
		before = now;
		while (percpu_shrink(memory) == PERCPU_EBUSY)
			for (size_t i = 0; i < SLOTS; i++) {
				uintptr_t other =
					__atomic_exchange_n(&slots[i], 0, __ATOMIC_ACQ_REL);

				if (other)
					use(0, other);
			}
	}
	free(map);
	free(memory);
}

static void begin(size_t areas, unsigned threads)
{
	dynamic_begin(areas, IN_A_ROW);
	pthread_barrier_init(&all_there, NULL, threads);
	CHECK(percpu_alloc(&total) == 0);
}

/* Nobody else is at work any more. TIMES is how often all have added to total. */
static void end(size_t times)
{
	for (size_t i = 0; i < SLOTS; i++)
		if (slots[i])
			use(0, slots[i]);
	for (size_t cpu = 0; cpu < NCPU; cpu++)
		CHECK(wrong[cpu] == 0);
	CHECK(percpu_sum(percpu_at(total)) == times);
	CHECK(percpu_free(&total) == 0 && dynamic_info().free == dynamic_info().size);
}

/* There may be more areas than CPUs that do anything. */
static void run_all(size_t areas)
{
	pthread_t threads[NCPU];

	begin(areas, NCPU);
	for (size_t cpu = 1; cpu < NCPU; cpu++)
		threads[cpu] = start(hand_over, cpu);
	pthread_barrier_wait(&all_there);
	give_and_take();
	for (size_t cpu = 1; cpu < NCPU; cpu++)
		pthread_join(threads[cpu], NULL);
	end((NCPU - 1) * rounds);
}

/* The only CPU does all of it, one after the other. */
static void with_1(void)
{
	size_t cpu = 0;

	rounds = 3000;
	begin(1, 1);
	hand_over(&cpu);
	give_and_take();
	end(rounds);
}

static void at_once(void)
{
	rounds = 3000;
	run_all(NCPU);
}

static void with_1024(void)
{
	rounds = 60;
	run_all(1024);
}

/* ---- While CPUs come and go ---- */

/* Of each CPU: how often constructors ran, less how often they were undone. */
static PERCPU_DEFINE(int64_t, constructed);
static PERCPU_DEFINE(int64_t, ran);

static int up(size_t cpu)
{
	(void)cpu;
	percpu_inc(constructed);
	percpu_inc(ran);
	return percpu_read(ran) % 5 == 3 ? -99 : 0;
}

static void down(size_t cpu)
{
	(void)cpu;
	percpu_dec(constructed);
}

static int up_before(size_t cpu)
{
	(void)cpu;
	percpu_inc(constructed);
	return 0;
}

PERCPU_CONSTRUCT(20, before, up_before, down);
PERCPU_CONSTRUCT(40, fails_at_times, up, down);

static void add(size_t cpu, size_t times)
{
	for (size_t i = 0; i < times; i++)
		percpu_inc(percpu_at(total));
	__atomic_fetch_add(&added[cpu], times, __ATOMIC_RELEASE);
}

static void *stay(void *argument)
{
	size_t cpu = *(size_t *)argument;

	wrong[cpu] += percpu_cpu_up(cpu) != 0;
	while (!__atomic_load_n(&over, __ATOMIC_RELAXED)) {
		add(cpu, 100);
		usleep(10);
	}
	return NULL;
}

/* One that fails leaves its own count, undoes the one before, and may come again. */
static void *come_and_go(void *argument)
{
	size_t cpu = *(size_t *)argument;
	int error = percpu_cpu_up(cpu);

	if (error == -99) {
		wrong[cpu] += percpu_arch_get_register() != 0;
		error = percpu_cpu_up(cpu);
		percpu_dec(constructed);
	}
	wrong[cpu] += error != 0 || percpu_read(constructed) != 2;
	add(cpu, 50);
	wrong[cpu] += percpu_cpu_down(cpu) != 0 || percpu_read(constructed) != 0;
	return NULL;
}

/* What is in the copies is at least what has been added before, and nothing is taken from them. */
static void check_sum(uint64_t *before)
{
	uint64_t least = 0, now;

	for (size_t cpu = 0; cpu < NCPU; cpu++)
		least += __atomic_load_n(&added[cpu], __ATOMIC_ACQUIRE);
	now = percpu_sum(percpu_at(total));
	CHECK(now >= least && now >= *before);
	*before = now;
}

static void cycles(uint64_t *before)
{
	for (size_t cycle = 0; cycle < CYCLES; cycle++) {
		pthread_t going[3];

		for (size_t cpu = 3; cpu < NCPU; cpu++)
			going[cpu - 3] = start(come_and_go, cpu);
		check_sum(before);
		for (size_t cpu = 3; cpu < NCPU; cpu++) {
			pthread_join(going[cpu - 3], NULL);
			CHECK(percpu_cpu_dead(cpu) == 0);
			CHECK(percpu_read_on(percpu_at(total), cpu) == (cycle + 1) * 50);
		}
	}
}

static void coming_and_going(void)
{
	pthread_t staying[2];
	uint64_t before = 0, sum = 0;

	dynamic_place(NCPU, IN_A_ROW);
	CHECK(percpu_cpu_up(0) == 0 && percpu_alloc(&total) == 0);
	for (size_t cpu = 1; cpu < 3; cpu++)
		staying[cpu - 1] = start(stay, cpu);
	cycles(&before);
	__atomic_store_n(&over, true, __ATOMIC_RELAXED);
	for (size_t cpu = 1; cpu < 3; cpu++)
		pthread_join(staying[cpu - 1], NULL);
	for (size_t cpu = 0; cpu < NCPU; cpu++) {
		CHECK(wrong[cpu] == 0);
		sum += added[cpu];
	}
	CHECK(percpu_sum(percpu_at(total)) == sum && sum > CYCLES * 3 * 50);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"CPUs that make, hand over and end variables at once lose nothing", at_once},
		{"nor with 1024 areas", with_1024},
		{"nor with 1", with_1},
		{"a sum over CPUs that come and go a hundred times is exact", coming_and_going},
	};

	UNIT_RUN(tests);
}

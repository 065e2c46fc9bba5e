/* SPDX-License-Identifier: MIT */
/*
 * What happens while interrupts are off. The library under this test is compiled so that each basic
 * block calls it: it counts them, and comes as an NMI. It fails if time with interrupts off grows
 * with the number of CPUs, or the time to free with the size of the map; if an NMI in the middle of
 * a call waits for ever, sees or does harm, or gets another answer than PERCPU_EBUSY while its own
 * CPU holds the lock.
 */
#include <percpu.h>

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>

#include "common/dynamic.h"

typedef PERCPU_PTR(uint32_t) small;
typedef PERCPU_PTR(char[1024]) large;

/* ---- What the compiler has put into each basic block of the library ---- */

static size_t blocks_off; /* that ran with interrupts off */
static void (*nmi)(void);
static bool in_nmi;

/* The name is the compilers'. */
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
	blocks_off += percpu_host_irqs_off > 0 && !in_nmi;
	if (!nmi || in_nmi)
		return;
	in_nmi = true;
	nmi();
	in_nmi = false;
}

/* ---- The number of CPUs ---- */

enum { CALLS = 12 };

/* Of each number of CPUs, what each call takes. */
static struct {
	size_t ncpu;
	enum dynamic_areas where;
	size_t counts[CALLS];
} *measured;
static size_t calls;

static void count(int result, int expected)
{
	CHECK(result == expected && blocks_off > 0);
	measured->counts[calls++] = blocks_off;
	blocks_off = 0;
}

static void measure(void)
{
	static _Alignas(uint64_t) char map[1024];
	small handles[3] = {0};
	large big = 0, huge = 0;
	char *memory;

	dynamic_begin(measured->ncpu, measured->where);
	memory = dynamic_keep(aligned_alloc(4096, measured->ncpu * percpu_area_size()));
	/* The first call makes the reserve. */
	CHECK(percpu_alloc(&handles[0]) == 0);
	blocks_off = 0;
	count(percpu_alloc(&handles[1]), 0);
	count(percpu_alloc(&big), 0);
	count(percpu_alloc_aligned(&handles[2], 4096), 0);
	count(percpu_free(&handles[1]), 0);
	while (percpu_alloc(&huge) == 0)
		continue;
	blocks_off = 0;
	count(percpu_alloc(&huge), PERCPU_ENOMEM);
	count(percpu_free(&big), 0);
	big = (large)((uintptr_t)handles[0] + 4);
	count(percpu_free(&big), PERCPU_EHANDLE);
	(void)dynamic_info();
	count(0, 0);
	if (measured->where == IN_A_ROW) {
		count(percpu_grow(memory, 4096, map), 0);
		count(percpu_shrink(memory), 0);
	}
	CHECK(calls >= 8);
}

static void any_number(void)
{
	static const size_t numbers[] = {1, 8, 64, 1024};
	size_t first[CALLS] = {0};

	measured = mmap(NULL, sizeof(*measured), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	CHECK(measured != MAP_FAILED);
	for (int i = 0; i < 8; i++) {
		memset(measured, 0, sizeof(*measured));
		measured->ncpu = numbers[i % 4];
		measured->where = i < 4 ? IN_A_ROW : ANYWHERE;
		CHECK(unit_fork(measure) == 0 && measured->counts[0] > 0);
		if (i % 4 == 0)
			memcpy(first, measured->counts, sizeof(first));
		CHECK(!memcmp(first, measured->counts, sizeof(first)));
	}
}

/* ---- The number of variables, and the size of the map ---- */

static uintptr_t handles[2][8192];

/* Fills what is free by variables of 4 bytes; returns how many. */
static size_t fill(uintptr_t *into)
{
	size_t made = 0;

	while (_percpu_alloc(4, 4, 1, &into[made]) == 0)
		made++;
	return made;
}

static size_t cost_of_free(uintptr_t handle)
{
	blocks_off = 0;
	CHECK(_percpu_free(handle) == 0);
	return blocks_off;
}

static size_t cost_of_alloc(size_t size)
{
	uintptr_t handle;

	blocks_off = 0;
	CHECK(_percpu_alloc(size, 1, 1, &handle) == 0);
	return blocks_off;
}

/*
 * The reserve of 16 KiB, then, besides, a set of 4 KiB, in front of it: the one has four times the
 * other's words.
 */
static void any_map(void)
{
	static _Alignas(uint64_t) char map[1024];
	size_t made, last, all;

	dynamic_begin(1, IN_A_ROW);
	made = fill(handles[0]);
	CHECK(made == dynamic_info().size / 8);
	CHECK(percpu_grow(dynamic_keep(aligned_alloc(4096, 4096)), 4096, map) == 0);
	CHECK(fill(handles[1]) == 512);
	/* Of full maps, the first variable, one in the middle, the last. */
	for (size_t i = 0; i < 3; i++) {
		size_t less = cost_of_free(handles[1][i * 511 / 2]);
		size_t more = cost_of_free(handles[0][i * (made - 1) / 2]);

		/* The set that is asked for second is found one later. */
		CHECK(more >= less && more <= less + 4);
	}
	/* A place is found by looking at words, each at once: 64 granules, a handful of blocks. */
	all = cost_of_alloc(4);
	last = cost_of_free(handles[0][made - 2]);
	all = cost_of_alloc(4) + cost_of_alloc(4);
	CHECK(all < (made + 512) / 64 * 2 * 16 && last < 60);
}

/* ---- An NMI at every point ---- */

/* One that waits would do so for ever: it ends in ten seconds of this process's own time. */
static void come_as_nmi(void (*call)(void))
{
	CHECK(!setitimer(ITIMER_VIRTUAL, &(struct itimerval){.it_value.tv_sec = 10}, NULL));
	nmi = call;
}

static size_t nmis, refused;

static void call_in_nmi(void)
{
	uintptr_t handle = 0;
	int error = _percpu_alloc(8, 8, 8, &handle);
	struct percpu_dynamic_info now;

	nmis++;
	if (error == PERCPU_EBUSY) {
		refused++;
		CHECK(percpu_host_irqs_off > 0 && handle == 0);
		CHECK(_percpu_free((uintptr_t)_percpu_reserve_start) == PERCPU_EBUSY);
		percpu_dynamic_info(&now);
		CHECK(now.size == 0 && now.blocks == 0 && now.largest == 0);
	} else {
		CHECK(error == 0 || error == PERCPU_ENOMEM);
		CHECK(error || _percpu_free(handle) == 0);
	}
}

/* Of what an NMI finds, and of the NMIs that found this, there is some of both. */
static void interrupted(void)
{
	static uintptr_t live[40];
	size_t count_live = 0;

	dynamic_begin(2, IN_A_ROW);
	come_as_nmi(call_in_nmi);
	for (size_t step = 0; step < 200; step++) {
		uintptr_t *h = &live[below(40)];

		if (*h) {
			CHECK(_percpu_free(*h) == 0);
			*h = 0;
			count_live--;
		} else if (_percpu_alloc(some_size(), 1, some_align(), h) == 0) {
			count_live++;
		}
		CHECK(_percpu_free((uintptr_t)_percpu_reserve_start + 4) == PERCPU_EHANDLE);
	}
	nmi = NULL;
	CHECK(nmis > 1000 && refused > 100 && refused < nmis);
	CHECK(dynamic_info().blocks == count_live);
	for (size_t i = 0; i < 40; i++)
		CHECK(!live[i] || _percpu_free(live[i]) == 0);
	CHECK(dynamic_info().free == dynamic_info().size && percpu_host_irqs_off == 0);
}

static size_t states;

static void grow_in_nmi(void)
{
	static _Alignas(64) char memory[4096];
	static _Alignas(uint64_t) char map[1024];
	int error = percpu_shrink(memory);

	CHECK(error == PERCPU_EBUSY || error == PERCPU_EINVAL);
	if (error == PERCPU_EBUSY)
		CHECK(percpu_grow(memory, 64, map) == PERCPU_EBUSY && map[0] == 0);
	states |= error == PERCPU_EBUSY ? 1 : 2;
}

static void grown_in_nmi(void)
{
	uintptr_t handle;

	dynamic_begin(1, IN_A_ROW);
	come_as_nmi(grow_in_nmi);
	CHECK(_percpu_alloc(8, 8, 8, &handle) == 0 && _percpu_free(handle) == 0);
	nmi = NULL;
	CHECK(states == 3);
}

/* ---- A CPU that is stopped at a bad moment ---- */

static PERCPU_PTR(uint64_t) shared;
static bool used;

/* As by percpu_panic, when all others have been stopped. */
static void use_on_1(void)
{
	CHECK(percpu_set_local_thread_pointer(1) == 0);
	percpu_inc(percpu_at(shared));
	used = true;
}

static void stop_with_the_lock(void)
{
	if (!used && _percpu_free((uintptr_t)_percpu_reserve_start + 4) == PERCPU_EBUSY)
		unit_on_another(use_on_1);
}

static void stopped(void)
{
	uintptr_t handle;

	dynamic_begin(2, IN_A_ROW);
	CHECK(percpu_alloc(&shared) == 0);
	come_as_nmi(stop_with_the_lock);
	CHECK(_percpu_alloc(8, 8, 8, &handle) == 0);
	nmi = NULL;
	CHECK(used && percpu_sum(percpu_at(shared)) == 1);
}

/* ---- What it takes ---- */

/* Of each set; of areas nothing but what is in them for variables. */
static void memory_for_it(void)
{
	size_t reserve = (size_t)(_percpu_reserve_end - _percpu_reserve_start);
	size_t areas = (size_t)(_percpu_end - _percpu_start), before;
	uintptr_t handle;

	dynamic_begin(DYNAMIC_RESERVED, IN_A_ROW);
	CHECK(areas == DYNAMIC_RESERVED * percpu_area_size());
	before = (size_t)(_percpu_reserve_start - _percpu_load_start);
	CHECK(percpu_area_size() - reserve - before < percpu_area_align());
	CHECK(before <= ((size_t)(_percpu_load_end - _percpu_load_start) + 255) / 128 * 128);
	/* All of it can be used, and the map of all of it is a 32nd, behind the areas. */
	CHECK(_percpu_alloc(reserve, 1, 1, &handle) == 0 &&
	      &_percpu_map_start[0] == &_percpu_end[0]);
	for (size_t i = 0; i < reserve / 64; i++)
		CHECK((unsigned char)_percpu_map_start[i] == 0xff);
	CHECK(percpu_map_size(reserve) - percpu_map_size(0) == reserve / 32);
	CHECK(percpu_map_size(0) <= 64);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"with interrupts off as much is done for 1 CPU as for 1024", any_number},
		{"what it takes to free does not grow with the map", any_map},
		{"an NMI at any point of a call is told to come again, and does no harm",
		 interrupted},
		{"so is one that would give memory", grown_in_nmi},
		{"percpu_at does not wait for a CPU that has been stopped in a call", stopped},
		{"what is kept of each set is a 32nd, and of areas nothing", memory_for_it},
	};

	UNIT_RUN(tests);
}

/* SPDX-License-Identifier: MIT */
/*
 * Dynamic variables: what it takes to make one and to end one, by how many there are, with 8 CPUs
 * and a reserve of 64 KiB; and how workloads leave the reserve. On the host port, for a program may
 * not turn interrupts off: there it is an addition, in a kernel some ten nanoseconds.
 */
#include "dynamic.h"

#include <stdio.h>

enum { TURNS = 301, BATCH = 16, SMALL = 4, LARGE = 1024 };

static uintptr_t live[GRANULES];

uintptr_t make(size_t size, size_t align)
{
	uintptr_t handle = 0;

	return _percpu_alloc(size, 1, align, &handle) ? 0 : handle;
}

void end(uintptr_t handle)
{
	if (_percpu_free(handle))
		stop("percpu_free fails");
}

/* A turn's times, of one call each. */
static double made[TURNS], ended[TURNS];

static void take_turn(size_t turn, size_t size, size_t batch)
{
	uintptr_t handles[BATCH];
	uint64_t start = now(), between;

	for (size_t i = 0; i < batch; i++)
		handles[i] = make(size, 1);
	between = now();
	for (size_t i = 0; i < batch; i++)
		end(handles[i]);
	ended[turn] = (double)(now() - between) / (double)batch;
	made[turn] = (double)(between - start) / (double)batch;
}

static void time_calls(const char *what, size_t count, size_t size, size_t batch)
{
	for (size_t turn = 0; turn < TURNS; turn++)
		take_turn(turn, size, batch);
	printf("dynamic " LEVEL " %s-alloc %zu %.1f\n", what, count, median(made, TURNS));
	printf("dynamic " LEVEL " %s-free %zu %.1f\n", what, count, median(ended, TURNS));
}

static void fill(size_t count, size_t size)
{
	for (size_t i = 0; i < count; i++)
		if (!(live[i] = make(size, 1)))
			stop("there is no room for %zu variables of %zu bytes", count, size);
}

/* Of COUNT variables every other one ends: as many holes of one granule. */
static void make_holes(size_t count)
{
	for (size_t i = 1; i < count; i += 2) {
		end(live[i]);
		live[i] = 0;
	}
}

static void end_all(void)
{
	for (size_t i = 0; i < GRANULES; i++)
		if (live[i])
			end(live[i]);
	for (size_t i = 0; i < GRANULES; i++)
		live[i] = 0;
}

/* What is live lies from the start on: a search passes all of it. */
static void time_packed(void)
{
	static const size_t small[] = {0, 64, 512, 1024, 2048, 4096, 8000};
	static const size_t large[] = {0, 8, 16, 32, 48, 60};

	for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++) {
		fill(small[i], SMALL);
		time_calls("small", small[i], SMALL, BATCH);
		end_all();
	}
	for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++) {
		fill(large[i], LARGE);
		time_calls("large", large[i], LARGE, 4);
		end_all();
	}
}

/* No hole is large enough: a search looks at each. */
static void time_behind_holes(void)
{
	static const size_t holes[] = {0, 32, 256, 512, 1024, 2048, 3800};

	for (size_t i = 0; i < sizeof(holes) / sizeof(holes[0]); i++) {
		fill(2 * holes[i], SMALL);
		make_holes(2 * holes[i]);
		time_calls("holes", holes[i], LARGE, 4);
		end_all();
	}
}

/*
 * The whole map is looked at, and nothing is found: what the lock is held for at most. Not aligned
 * to a granule, for then the next search would be spared.
 */
static void time_in_vain(size_t size)
{
	double times[TURNS];

	fill(GRANULES, SMALL);
	make_holes(GRANULES);
	for (size_t turn = 0; turn < TURNS; turn++) {
		uint64_t start = now();

		for (size_t i = 0; i < BATCH; i++)
			if (make(size, 16))
				stop("there is room in holes of 8 bytes");
		times[turn] = (double)(now() - start) / BATCH;
	}
	printf("dynamic " LEVEL " vain %zu %.1f\n", size, median(times, TURNS));
	end_all();
}

int main(void)
{
	struct percpu_dynamic_info info;

	if (percpu_init(8) || percpu_set_local_thread_pointer(0))
		stop("percpu_init fails");
	percpu_dynamic_info(&info);
	if (info.size != 8 * (size_t)GRANULES)
		stop("the reserve has %zu bytes", info.size);
	time_packed();
	time_behind_holes();
	time_in_vain(16);
	time_in_vain(64);
	time_in_vain(256);
	time_in_vain(LARGE);
	run_workloads();
	return 0;
}

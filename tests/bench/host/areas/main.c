/* SPDX-License-Identifier: MIT */
/*
 * Making areas against memcpy: a program for one size of them, FILLER bytes and what the library
 * adds. Areas are made once in a process, so each turn is one of its own; it has written to the
 * memory before it looks at the clock.
 */
#define _GNU_SOURCE
#include "../host.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TURNS = 21 };

PERCPU_DEFINE_FAR(char[FILLER], filler) = {1};

static struct {
	double copied, made;
} *turn;

/* To where percpu_init makes those of CPU 1 and on. */
static double time_copy(size_t ncpu)
{
	size_t size = percpu_area_size();
	char *first = percpu_area_base(0);
	uint64_t start = now();

	for (size_t cpu = ncpu; cpu > 0; cpu--)
		memcpy(first + cpu * size, _percpu_load_start, size);
	__asm__ volatile("" : : "r"(first) : "memory");
	return (double)(now() - start);
}

static double time_init(size_t ncpu)
{
	uint64_t start = now();
	int error = percpu_init(1 + ncpu);

	if (error)
		stop("percpu_init: %s", percpu_strerror(error));
	return (double)(now() - start);
}

/* CPU 0's area is there already: so the library's pages are. */
static void take_turn(size_t ncpu, bool copy_first)
{
	if (percpu_early_init())
		stop("percpu_early_init fails");
	time_copy(ncpu);
	if (copy_first)
		turn->copied = time_copy(ncpu);
	turn->made = time_init(ncpu);
	if (!copy_first)
		turn->copied = time_copy(ncpu);
	_exit(0);
}

static void time_areas(size_t ncpu)
{
	double times[TURNS], ratios[TURNS];

	for (size_t i = 0; i < TURNS; i++) {
		int status;
		pid_t child = fork();

		if (child == 0)
			take_turn(ncpu, i % 2);
		if (child < 0 || waitpid(child, &status, 0) != child || status)
			stop("a turn of %zu areas failed", ncpu);
		times[i] = turn->made;
		ratios[i] = turn->made / turn->copied;
	}
	printf("areas %zu %d %.0f %.3f\n", ncpu, FILLER, median(times, TURNS),
	       median(ratios, TURNS));
}

int main(void)
{
	turn = mmap(NULL, sizeof(*turn), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (turn == MAP_FAILED)
		stop("there is no memory that processes share");
	time_areas(8);
	time_areas(128);
	return 0;
}

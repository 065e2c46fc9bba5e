/* SPDX-License-Identifier: MIT */
/*
 * How the library copies and clears. It fails if a byte is wrong, or one outside is written, at any
 * size and alignment; or if who interrupts sees half of an aligned part of up to 8 bytes.
 */
#include <percpu.h>

#include <lib/internal.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/unit.h"

/* Room for each alignment within a block of a copy, and a block to spare; without padding. */
enum { MOST = 300, BLOCK = 64, ROOM = 7 * BLOCK };
_Static_assert(BLOCK + MOST + BLOCK <= ROOM, "a copy has neighbours on both sides");

struct places {
	unsigned char to[ROOM] __attribute__((aligned(BLOCK)));
	unsigned char from[ROOM] __attribute__((aligned(BLOCK)));
};

/* No byte of the one is a byte of the other, and none is 0. */
static void fill(struct places *p)
{
	for (size_t i = 0; i < ROOM; i++) {
		p->to[i] = 0xff;
		p->from[i] = (unsigned char)(1 + i % 251);
	}
}

/* Whether exactly SIZE bytes from AT on have become those at EXPECTED. */
static bool only(const struct places *p, size_t at, const unsigned char *expected, size_t size)
{
	struct places reference;

	fill(&reference);
	memcpy(reference.to + at, expected, size);
	return memcmp(p, &reference, sizeof(reference)) == 0;
}

static void copies(void)
{
	struct places p;

	for (size_t to = 0; to < BLOCK; to++)
		for (size_t from = to % 8; from < BLOCK; from += 1 + to % 3)
			for (size_t size = 0; size <= MOST; size++) {
				fill(&p);
				_percpu_copy(p.to + to, p.from + from, size);
				CHECK(only(&p, to, p.from + from, size));
			}
}

static void clears(void)
{
	static const unsigned char zeros[MOST];
	struct places p;

	for (size_t to = 0; to < BLOCK; to++)
		for (size_t size = 0; size <= MOST; size++) {
			fill(&p);
			_percpu_zero(p.to + to, size);
			CHECK(only(&p, to, zeros, size));
		}
}

/* Neighbours, as two areas are, and area and template: the end of one is the start of the other. */
static void neighbours(void)
{
	unsigned char both[2 * MOST] __attribute__((aligned(BLOCK)));

	for (size_t size = 0; size <= MOST; size++) {
		memset(both, 1, size);
		memset(both + size, 2, size);
		_percpu_copy(both, both + size, size);
		for (size_t i = 0; i < 2 * size; i++)
			CHECK(both[i] == 2);
		_percpu_zero(both + size, size);
		for (size_t i = 0; i < 2 * size; i++)
			CHECK(both[i] == (i < size ? 2 : 0));
	}
}

/* ---- What an interrupt sees: another process steps through the copy, and looks at each ---- */

static struct places *shared;

/* Whether an aligned part of the SIZE bytes at AT is half old and half new. */
static bool torn(size_t at, size_t size)
{
	for (size_t part = 2; part <= 8; part *= 2)
		for (size_t i = (at + part - 1) / part * part; i + part <= at + size; i += part) {
			size_t old = 0;

			for (size_t j = i; j < i + part; j++)
				old += shared->to[j] == 0xff;
			if (old != 0 && old != part)
				return true;
		}
	return false;
}

static void copy_in_steps(size_t at, size_t size)
{
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	raise(SIGSTOP);
	_percpu_copy(shared->to + at, shared->from + at, size);
	raise(SIGSTOP);
	_exit(1);
}

/* Steps from the one SIGSTOP to the other. */
static void step_through(size_t at, size_t size)
{
	int status;
	pid_t child;

	fill(shared);
	child = fork();
	if (child == 0)
		copy_in_steps(at, size);
	CHECK(waitpid(child, &status, 0) == child && WIFSTOPPED(status));
	do {
		CHECK(!torn(at, size));
		CHECK(ptrace(PTRACE_SINGLESTEP, child, NULL, NULL) == 0);
		CHECK(waitpid(child, &status, 0) == child);
	} while (WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP);
	CHECK(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
	CHECK(only(shared, at, shared->from + at, size));
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
}

static void interrupted(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	CHECK(shared != MAP_FAILED);
	for (size_t at = 0; at < 8; at++)
		for (size_t size = 1; size <= 24; size++)
			step_through(at, size);
	step_through(BLOCK - 12, 12 + BLOCK + 12);
}

void kernel_main(void)
{
	static const struct test tests[] = {
		{"a copy is exact, at any size and alignment, and writes nothing else", copies},
		{"clearing is exact, at any size and alignment, and writes nothing else", clears},
		{"what begins where a copy ends keeps its bytes", neighbours},
		{"an interrupt in a copy sees every aligned part old or new", interrupted},
	};

	UNIT_RUN(tests);
}

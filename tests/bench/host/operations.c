/* SPDX-License-Identifier: MIT */
/*
 * Nanoseconds for each operation, on one CPU, in loops of eight. Interrupts cannot be turned off
 * here, and every CPU of Linux's is a thread of ours.
 */
#include "host.h"

#include <stdio.h>
#include <string.h>

/* Eight variables each. */
#define BENCH_ELEMENTS 8
#include <tests/bench/function.h>
#include <tests/bench/guest/x86_64/peers.h>

static PERCPU_DEFINE(uint64_t BENCH_ARRAY, number);

#define BENCH_NAME(op) ours_##op
#define BENCH_VARIABLE number[index]
#include <tests/bench/ours.h>

/* The barrier keeps the compiler from making one of two, or forming an address once for all. */
#define KEEP(value) __asm__ volatile("" : : "r"(value) : "memory")
#define BARRIER() __asm__ volatile("" : : : "memory")

/* Eight operations: all on one variable, each waiting for the one before; or on eight in turn. */
#define LOOP(prefix, op, ...)                                                                      \
	__attribute__((noinline)) static void prefix##_##op##_on_one(size_t rounds)                \
	{                                                                                          \
		for (size_t i = 0; i < rounds; i++)                                                \
			EIGHT(0, 0, 0, 0, 0, 0, 0, 0, __VA_ARGS__)                                 \
	}                                                                                          \
	__attribute__((noinline)) static void prefix##_##op##_on_eight(size_t rounds)              \
	{                                                                                          \
		for (size_t i = 0; i < rounds; i++)                                                \
			EIGHT(0, 1, 2, 3, 4, 5, 6, 7, __VA_ARGS__)                                 \
	}
#define EIGHT(a, b, c, d, e, f, g, h, ...)                                                         \
	{                                                                                          \
		ONE(a, __VA_ARGS__)                                                                \
		ONE(b, __VA_ARGS__)                                                                \
		ONE(c, __VA_ARGS__)                                                                \
		ONE(d, __VA_ARGS__)                                                                \
		ONE(e, __VA_ARGS__)                                                                \
		ONE(f, __VA_ARGS__)                                                                \
		ONE(g, __VA_ARGS__)                                                                \
		ONE(h, __VA_ARGS__)                                                                \
	}
#define ONE(number, ...)                                                                           \
	{                                                                                          \
		enum { at = number };                                                              \
		__VA_ARGS__;                                                                       \
	}

/* The compare-and-exchange succeeds: it finds 0, and writes 0. */
#define LOOPS(prefix)                                                                              \
	LOOP(prefix, read, KEEP(prefix##_read(at)))                                                \
	LOOP(prefix, write, prefix##_write(at, 0); BARRIER())                                      \
	LOOP(prefix, add, prefix##_add(at, 3); BARRIER())                                          \
	LOOP(prefix, inc, prefix##_inc(at); BARRIER())                                             \
	LOOP(prefix, add_return, KEEP(prefix##_add_return(at, 3)))                                 \
	LOOP(prefix, xchg, KEEP(prefix##_xchg(at, 0)))                                             \
	LOOP(prefix, cmpxchg, KEEP(prefix##_cmpxchg(at, 0, 0)))                                    \
	LOOP(prefix, pointer, KEEP(prefix##_pointer(at)))

LOOPS(ours)
LOOPS(crate)
LOOPS(linux_pcp)
LOOPS(table)
LOOPS(array)
LOOPS(array_unpadded)
LOOPS(tls)
LOOPS(shared)

enum { CONTESTANTS = 8, TURNS = 501, ROUNDS = 500 };
enum { READ, WRITE, ADD, INC, ADD_RETURN, XCHG, CMPXCHG, POINTER, OPERATIONS };

static const char *const names[OPERATIONS] = {"read",	    "write", "add",	"inc",
					      "add_return", "xchg",  "cmpxchg", "pointer"};

typedef void (*loop)(size_t rounds);

#define ROW(text, prefix)                                                                          \
	{                                                                                          \
		text,                                                                              \
		{                                                                                  \
			LOOPS_ON(prefix, one), LOOPS_ON(prefix, eight)                             \
		}                                                                                  \
	}
#define LOOPS_ON(prefix, how)                                                                      \
	{                                                                                          \
		prefix##_read_on_##how, prefix##_write_on_##how, prefix##_add_on_##how,            \
			prefix##_inc_on_##how, prefix##_add_return_on_##how,                       \
			prefix##_xchg_on_##how, prefix##_cmpxchg_on_##how,                         \
			prefix##_pointer_on_##how                                                  \
	}

enum { ON_ONE, ON_EIGHT, WAYS };
static const char *const ways[WAYS] = {"one", "eight"};

static const struct {
	const char *name;
	loop loops[WAYS][OPERATIONS];
} contestants[CONTESTANTS] = {
	ROW("near", ours),   ROW("crate", crate),   ROW("linux", linux_pcp),
	ROW("table", table), ROW("array", array),   ROW("array-unpadded", array_unpadded),
	ROW("tls", tls),     ROW("shared", shared),
};

static double times[CONTESTANTS][TURNS];

static double time_loop(size_t who, size_t way, size_t what)
{
	uint64_t start = now();

	contestants[who].loops[way][what](ROUNDS);
	return (double)(now() - start) / (ROUNDS * IN_A_ROUND);
}

/* The median of one contestant's times, and of their ratios to those of the first, ours. */
static void report(size_t who, size_t way, size_t what, const double *ours)
{
	double ratios[TURNS];

	for (size_t turn = 0; turn < TURNS; turn++)
		ratios[turn] = times[who][turn] / ours[turn];
	printf("operation %s %s %s %.4f %.3f\n", ways[way], contestants[who].name, names[what],
	       median(times[who], TURNS), median(ratios, TURNS));
}

static void time_operation(size_t way, size_t what)
{
	double ours[TURNS];

	for (size_t turn = 0; turn < TURNS; turn++)
		for (size_t who = 0; who < CONTESTANTS; who++)
			times[who][turn] = time_loop(who, way, what);
	for (size_t turn = 0; turn < TURNS; turn++)
		ours[turn] = times[0][turn];
	for (size_t who = 0; who < CONTESTANTS; who++)
		report(who, way, what, ours);
}

loop increments_of(const char *contestant)
{
	for (size_t who = 0; who < CONTESTANTS; who++)
		if (strcmp(contestants[who].name, contestant) == 0)
			return contestants[who].loops[ON_EIGHT][INC];
	stop("there is no contestant %s", contestant);
}

void time_operations(void)
{
	prepare_table();
	prepare_crate();
	for (size_t way = 0; way < WAYS; way++)
		for (size_t what = 0; what < OPERATIONS; what++)
			time_operation(way, what);
}

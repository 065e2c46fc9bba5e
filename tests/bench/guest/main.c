/* SPDX-License-Identifier: MIT */
/*
 * bench: counts instructions. Under QEMU's -icount shift=0 the counter that machine.h reads goes up
 * by one for each, so a loop that calls an operation a thousand times, minus the same loop calling
 * an empty function, is a thousand times the operation: exactly, or something is wrong, and it says
 * so. Everything is counted twice, and both must agree. Before that each contestant has to show
 * that it does what it is counted for.
 *
 * An operation is a function of its own, with arguments and result where the ABI puts them and
 * everything but its return counted, as in tests/codegen/golden.txt.
 *
 * On the command line: areas=N, how many areas are made (1 if not given); start=1, to count what
 * the start of all CPUs takes instead, as start.c says.
 */
#include "bench.h"

enum { CALLS = 1000, INDEX = 1 };

static const char *const names[OPERATIONS] = {"read",	    "write", "add",	"inc",
					      "add_return", "xchg",  "cmpxchg", "pointer"};

static void empty(void)
{
}

/* All our ABIs let a function take fewer arguments than it is given. */
static uint64_t call(operation function, uint64_t a, uint64_t b, uint64_t c)
{
	return ((uint64_t(*)(uint64_t, uint64_t, uint64_t))function)(a, b, c);
}

__attribute__((noinline)) uint64_t bench_count(operation function, size_t calls, uint64_t a,
					       uint64_t b, uint64_t c)
{
	uint64_t start = instructions();

	for (size_t i = 0; i < calls; i++)
		(void)call(function, a, b, c);
	return instructions() - start;
}

uint64_t bench_one(operation function, uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t counts[2];

	for (size_t i = 0; i < 2; i++)
		counts[i] =
			bench_count(function, CALLS, a, b, c) - bench_count(empty, CALLS, a, b, c);
	if (counts[0] == counts[1] && counts[0] % CALLS == 0)
		return counts[0] / CALLS;
	print("# %lu and %lu instructions for %u calls\n", counts[0], counts[1], CALLS);
	return UINT64_MAX;
}

void bench_report(const char *who, const char *what, uint64_t count)
{
	tap_ok(count != UINT64_MAX, "%s %s %ld", who, what, (long)count);
}

/* Calls an operation on what the contestant counts: element INDEX, if it takes an index. */
static uint64_t operate(const struct contestant *who, size_t what, uint64_t a, uint64_t b)
{
	operation function = who->operations[what];

	return who->indexed ? call(function, INDEX, a, b) : call(function, a, b, 0);
}

/* Whether all that it has does what its name says, in one story; the last value is 30. */
static bool works(const struct contestant *who)
{
	const operation *has = who->operations;
	uint64_t *place = (uint64_t *)operate(who, POINTER, 0, 0);
	bool right = true;

	*place = 5;
	if (has[WRITE])
		operate(who, WRITE, 6, 0);
	else
		*place = 6;
	right &= !has[READ] || operate(who, READ, 0, 0) == 6;
	operate(who, ADD, 3, 0);
	right &= *place == 9;
	operate(who, INC, 0, 0);
	right &= *place == 10;
	right &= !has[ADD_RETURN] || (operate(who, ADD_RETURN, 5, 0) == 15 && *place == 15);
	*place = 15;
	right &= !has[XCHG] || (operate(who, XCHG, 20, 0) == 15 && *place == 20);
	*place = 20;
	right &= !has[CMPXCHG] || (operate(who, CMPXCHG, 19, 30) == 20 && *place == 20 &&
				   operate(who, CMPXCHG, 20, 30) == 20 && *place == 30);
	return right;
}

/* The compare-and-exchange counted is one that succeeds, each time: it writes what is there. */
static uint64_t count_operation(const struct contestant *who, size_t what)
{
	operation function = who->operations[what];
	uint64_t value = 0;

	if (what == CMPXCHG || what == WRITE || what == XCHG)
		*(uint64_t *)operate(who, POINTER, 0, 0) = value;
	return who->indexed ? bench_one(function, INDEX, value, value)
			    : bench_one(function, value, value, 0);
}

static void judge(const struct contestant *who)
{
	if (who->prepare)
		who->prepare();
	tap_ok(works(who), "%s works", who->name);
	for (size_t what = 0; what < OPERATIONS; what++)
		if (who->operations[what])
			bench_report(who->name, names[what], count_operation(who, what));
}

static size_t results_of(const struct contestant *who)
{
	size_t results = 1;

	for (size_t what = 0; what < OPERATIONS; what++)
		results += who->operations[what] != NULL;
	return results;
}

void kernel_main(void)
{
	size_t results = BENCH_GROWTH_RESULTS + BENCH_LOOKUP_RESULTS;
	uint64_t areas = 1, start = 0;

	if (option("start", &start) && start) {
		bench_start();
		return;
	}
	(void)option("areas", &areas);
	counter_start();
	for (size_t i = 0; bench_lists[i]; i++)
		for (size_t j = 0; j < bench_lists[i]->count; j++)
			results += results_of(&bench_lists[i]->list[j]);
	tap_plan(results);
	bench_growth(areas);
	bench_lookup();
	for (size_t i = 0; bench_lists[i]; i++)
		for (size_t j = 0; j < bench_lists[i]->count; j++)
			judge(&bench_lists[i]->list[j]);
}

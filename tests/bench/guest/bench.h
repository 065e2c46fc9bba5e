/* SPDX-License-Identifier: MIT */
/* What the files of the kernel that counts share: tests/bench/guest/main.c says what it does. */
#ifndef BENCH_H
#define BENCH_H

#include <kernels/common/kernel.h>
#include <percpu.h>

#include <machine.h>
#include <tests/bench/function.h>

enum { READ, WRITE, ADD, INC, ADD_RETURN, XCHG, CMPXCHG, POINTER, OPERATIONS };

/* A pointer to a function of any type; whoever calls it knows which. */
typedef void (*operation)(void);

/* One way to have a variable for each CPU. An operation that it does not have is NULL. */
struct contestant {
	const char *name;
	bool indexed;	       /* the operations take an index first */
	void (*prepare)(void); /* loads the register that this one uses; may be NULL */
	operation operations[OPERATIONS];
};

/* The end of an initialiser: the operations, all of them called PREFIX_ and their name. */
#define BENCH_OPERATIONS(prefix)                                                                   \
	.operations = {(operation)prefix##_read,       (operation)prefix##_write,                  \
		       (operation)prefix##_add,	       (operation)prefix##_inc,                    \
		       (operation)prefix##_add_return, (operation)prefix##_xchg,                   \
		       (operation)prefix##_cmpxchg,    (operation)prefix##_pointer}

/* The rows of the peers in tests/bench/peers.h, which every architecture has. */
#define BENCH_COMMON_PEERS                                                                         \
	{.name = "table", .prepare = peers_use_table, BENCH_OPERATIONS(table)},                    \
		{.name = "array", .prepare = peers_use_number, BENCH_OPERATIONS(array)},           \
		{.name = "array-unpadded",                                                         \
		 .prepare = peers_use_number,                                                      \
		 BENCH_OPERATIONS(array_unpadded)},                                                \
		{.name = "tls", .prepare = peers_use_tls, BENCH_OPERATIONS(tls)},                  \
		{.name = "shared", BENCH_OPERATIONS(shared)},                                      \
	{                                                                                          \
		.name = "irqs-off", BENCH_OPERATIONS(irqs_off)                                     \
	}

struct contestants {
	const struct contestant *list;
	size_t count;
};
/* ours.c */
extern const struct contestants bench_ours;
/* <arch>/peers.c: all that there are on the architecture; NULL ends them. */
extern const struct contestants *const bench_lists[];

/* Instructions for CALLS calls of FUNCTION, and the loop around them. */
uint64_t bench_count(operation function, size_t calls, uint64_t a, uint64_t b, uint64_t c);
/* Instructions for one call of FUNCTION, without the call; ~0, having said so, if not exact. */
uint64_t bench_one(operation function, uint64_t a, uint64_t b, uint64_t c);

/* Reports one result, for the program that starts this kernel to read. */
void bench_report(const char *who, const char *what, uint64_t instructions);

/* growth.c: how the cost of what concerns all CPUs depends on their number, AREAS. */
enum { BENCH_GROWTH_RESULTS = 5 };
void bench_growth(size_t areas);

/* lookup.c: how the cost of percpu_restart depends on how many sequences there are. */
enum { BENCH_LOOKUP_RESULTS = 6 * 3 };
void bench_lookup(void);

/* start.c: what it takes to start all CPUs. Plans its results itself. */
void bench_start(void);
/* Whether delays are to be skipped, and what was spent in them. */
extern uint64_t bench_skip, bench_skipped;

#endif
